package io.netyard.shell.console;

import io.netyard.api.Text;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

/**
 * How a command is written, read from the annotations of its class.
 *
 * <p>Options may stand anywhere, as {@code --name value} or {@code --name=value}; {@code --} ends them. Where the last
 * argument is {@link Verbatim} (a program and its arguments), options end at the first argument.
 */
final class Syntax {

    private final Command command;
    private final List<Field> arguments;
    private final Map<String, Field> options = new LinkedHashMap<>();

    Syntax(Class<? extends ConsoleCommand> type) {
        command = type.getAnnotation(Command.class);
        List<Field> found = new ArrayList<>();
        for (Class<?> at = type; at != ConsoleCommand.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                Option option = field.getAnnotation(Option.class);
                if (option != null) {
                    options.put(option.name(), field);
                    Arrays.stream(option.aliases()).forEach(alias -> options.put(alias, field));
                }
                if (field.getAnnotation(Argument.class) != null) {
                    found.add(field);
                }
                if (option != null || field.getAnnotation(Argument.class) != null) {
                    field.setAccessible(true);
                }
            }
        }
        found.sort(Comparator.comparing(field -> argument(field).index()));
        arguments = List.copyOf(found);
    }

    String scope() {
        return command.scope();
    }

    String name() {
        return command.name();
    }

    String description() {
        return command.description();
    }

    /** True if {@code --help} stands where an option can stand. */
    boolean asksForHelp(List<String> words) {
        return ownWords(words).contains("--help");
    }

    /** @throws IllegalArgumentException if the words don't fit, with a message for the user */
    void fill(ConsoleCommand target, List<String> words) {
        List<String> rest = new ArrayList<>();
        int own = ownWords(words).size();
        Iterator<String> each = words.subList(0, own).iterator();
        while (each.hasNext()) {
            String word = each.next();
            if (!isOption(word)) {
                rest.add(word);
                continue;
            }
            int equals = word.startsWith("--") ? word.indexOf('=') : -1;
            String name = equals < 0 ? word : word.substring(0, equals);
            Field field = options.get(name);
            if (field == null) {
                throw wrong("has no option " + Text.printable(name));
            }
            if (field.getType() == boolean.class) {
                if (equals >= 0) {
                    throw wrong("option " + name + " takes no value");
                }
                set(target, field, true);
            } else if (equals >= 0) {
                set(target, field, value(field, name, word.substring(equals + 1)));
            } else if (each.hasNext()) {
                set(target, field, value(field, name, each.next()));
            } else {
                throw wrong("option " + name + " needs a value");
            }
        }
        if (own < words.size() && words.get(own).equals("--")) {
            own++;
        }
        rest.addAll(words.subList(own, words.size()));
        fillArguments(target, rest);
    }

    private void fillArguments(ConsoleCommand target, List<String> words) {
        for (int i = 0; i < arguments.size(); i++) {
            Field field = arguments.get(i);
            String name = argument(field).name();
            if (argument(field).multiValued()) {
                if (argument(field).required() && i >= words.size()) {
                    throw wrong(name + " is missing");
                }
                set(target, field, List.copyOf(words.subList(Math.min(i, words.size()), words.size())));
                return;
            }
            if (i < words.size()) {
                set(target, field, value(field, name, words.get(i)));
            } else if (argument(field).required()) {
                throw wrong(name + " is missing");
            }
        }
        if (words.size() > arguments.size()) {
            throw wrong("does not understand '" + Text.printable(words.get(arguments.size())) + "'");
        }
    }

    /** The words among which options can stand. */
    private List<String> ownWords(List<String> words) {
        boolean optionsFirst = takesProgram();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--") || optionsFirst && !isOption(word)) {
                return words.subList(0, i);
            }
            Field field = options.get(word);
            if (field != null && field.getType() != boolean.class) {
                i++;
            }
        }
        return words;
    }

    private boolean takesProgram() {
        return !arguments.isEmpty() && arguments.get(arguments.size() - 1).isAnnotationPresent(Verbatim.class);
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && word.startsWith("-") && !Character.isDigit(word.charAt(1));
    }

    private Object value(Field field, String name, String word) {
        if (field.getType() == String.class) {
            return word;
        }
        if (field.getType() == Integer.class) {
            try {
                return Integer.valueOf(word);
            } catch (NumberFormatException e) {
                throw wrong("%s must be a whole number, not '%s'".formatted(name, Text.printable(word)));
            }
        }
        throw new IllegalStateException(field + " is of a type that no word can be turned into");
    }

    private static void set(ConsoleCommand target, Field field, Object value) {
        try {
            field.set(target, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field.toString(), e);
        }
    }

    private IllegalArgumentException wrong(String what) {
        String full = command.scope() + ":" + command.name();
        return new IllegalArgumentException(full + " " + what + "; see " + full + " --help");
    }

    /** What {@code --help} prints. */
    String help() {
        StringBuilder line = new StringBuilder(command.scope() + ":" + command.name());
        List<String[]> parts = new ArrayList<>();
        for (Field field : arguments) {
            Argument argument = argument(field);
            String shown = argument.name() + (argument.multiValued() ? "..." : "");
            line.append(argument.required() ? " " + shown : " [" + shown + "]");
            parts.add(new String[] {argument.name(), argument.description()});
        }
        for (Field field : Set.copyOf(options.values()).stream()
                .sorted(Comparator.comparing(field -> option(field).name()))
                .toList()) {
            Option option = option(field);
            String shown = option.name() + (field.getType() == boolean.class ? "" : " " + option.valueToShowInHelp());
            line.append(" [").append(shown).append(']');
            String aliases = String.join(
                    "", Stream.of(option.aliases()).map(alias -> alias + ", ").toList());
            parts.add(new String[] {aliases + shown, option.description()});
        }
        parts.add(new String[] {"--help", "Print this"});
        int width = parts.stream().mapToInt(part -> part[0].length()).max().orElse(0);
        StringBuilder help = new StringBuilder(line + "\n\n  " + command.description() + "\n\n");
        parts.forEach(part -> help.append(("  %-" + width + "s  %s").formatted((Object[]) part))
                .append('\n'));
        if (!command.detailedDescription().isEmpty()) {
            help.append('\n').append(command.detailedDescription()).append('\n');
        }
        return help.toString().stripTrailing();
    }

    /** Where on a command line the cursor is: an option, an option's value or an argument; says what could stand there. */
    List<String> candidates(Services services, Console console, List<String> before, String word) {
        List<String> words = before.subList(1, before.size());
        if (word.startsWith("-") && ownWords(words).size() == words.size()) {
            Set<String> names = new TreeSet<>(options.keySet());
            names.add("--help");
            return List.copyOf(names);
        }
        int position = 0;
        for (int i = 0; i < words.size(); i++) {
            Field option = options.get(words.get(i));
            if (option == null || takesProgram() && position > 0) {
                position += isOption(words.get(i)) && !(takesProgram() && position > 0) ? 0 : 1;
            } else if (option.getType() != boolean.class && ++i == words.size()) {
                return candidates(option, services, console, before, word);
            }
        }
        if (arguments.isEmpty()) {
            return List.of();
        }
        int last = arguments.size() - 1;
        if (position > last && !argument(arguments.get(last)).multiValued()) {
            return List.of();
        }
        return candidates(arguments.get(Math.min(position, last)), services, console, before, word);
    }

    private static List<String> candidates(
            Field field, Services services, Console console, List<String> before, String word) {
        Completion completion = field.getAnnotation(Completion.class);
        if (completion == null) {
            return List.of();
        }
        if (completion.values().length > 0) {
            return List.of(completion.values());
        }
        return make(completion).candidates(services, console, before, word);
    }

    private static Candidates make(Completion completion) {
        try {
            Constructor<?> constructor = completion.value().getDeclaredConstructor();
            // Those of a group of commands are not public outside its package.
            constructor.setAccessible(true);
            return (Candidates) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(completion.value() + " cannot be made", e);
        }
    }

    /** What completes the arguments and options that have it; made as when Tab is pressed. */
    List<Candidates> completers() {
        return Stream.concat(arguments.stream(), options.values().stream())
                .map(field -> field.getAnnotation(Completion.class))
                .filter(completion -> completion != null && completion.values().length == 0)
                .map(Syntax::make)
                .toList();
    }

    private static Argument argument(Field field) {
        return field.getAnnotation(Argument.class);
    }

    private static Option option(Field field) {
        return field.getAnnotation(Option.class);
    }
}
