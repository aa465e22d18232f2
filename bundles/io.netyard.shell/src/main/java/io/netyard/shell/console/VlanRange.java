package io.netyard.shell.console;

import io.netyard.api.Text;
import io.netyard.api.VlanId;
import java.util.regex.Pattern;

/**
 * VIDs from {@code first} to {@code last}, both included.
 */
public record VlanRange(VlanId first, VlanId last) {

    private static final Pattern FORM = Pattern.compile("\\d{1,4}(-\\d{1,4})?");

    public VlanRange {
        if (last.compareTo(first) < 0) {
            throw new IllegalArgumentException("VLAN range %s-%s ends before it begins".formatted(first, last));
        }
    }

    /** @param text {@code 10} or {@code 10-20} */
    public static VlanRange parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a VLAN id such as 10, or a range such as 10-20".formatted(Text.printable(text)));
        }
        int hyphen = text.indexOf('-');
        String first = hyphen < 0 ? text : text.substring(0, hyphen);
        String last = text.substring(hyphen + 1);
        return new VlanRange(new VlanId(Integer.parseInt(first)), new VlanId(Integer.parseInt(last)));
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
