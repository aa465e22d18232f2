package io.netyard.itests;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Numbered datagrams from one namespace to another, by programs that know nothing of Netyard: whatever becomes of the appliance and of its bundles,
 * they go on.
 */
final class PacketStream implements AutoCloseable {

    private static final int PORT = 7100;

    private static final long LIMIT_SECONDS = 60;

    /** Says "ready"; on "end" of its input, or of the stream, tells how many different numbers it has heard. */
    private static final String EAR =
            """
            use strict; use warnings; use Socket; $| = 1;
            socket(my $ear, PF_INET, SOCK_DGRAM, 0) or die $!;
            setsockopt($ear, SOL_SOCKET, SO_RCVBUF, pack('l', 4 << 20));
            bind($ear, sockaddr_in(%d, INADDR_ANY)) or die $!;
            print "ready\\n";
            my %%heard;
            while (defined recv($ear, my $number, 64, 0)) {
                last if $number eq 'end';
                $heard{$number} = 1;
            }
            print scalar(keys %%heard), "\\n";
            """
                    .formatted(PORT);

    /** Some hundred a second until its input ends, then "end" and how many there were. */
    private static final String MOUTH =
            """
            use strict; use warnings; use Socket; $| = 1;
            socket(my $mouth, PF_INET, SOCK_DGRAM, 0) or die $!;
            my $to = sockaddr_in(%d, inet_aton($ARGV[0]));
            my $sent = 0;
            while (1) {
                vec(my $input = '', fileno(STDIN), 1) = 1;
                last if select($input, undef, undef, 0.002);
                defined send($mouth, $sent, 0, $to) or die "number $sent cannot be sent: $!";
                $sent++;
                print "begun\\n" if $sent == 50;
            }
            select(undef, undef, undef, 0.5);
            for (1 .. 10) { send($mouth, 'end', 0, $to) }
            print "$sent\\n";
            """
                    .formatted(PORT);

    record Figures(int sent, int lost) {}

    private final Process ear;
    private final Process mouth;
    private final BufferedReader heard;
    private final BufferedReader said;

    /**
     * Packets are under way when this returns.
     *
     * @param from pid of a process in the namespace that sends
     * @param to pid of one in the namespace that has the address
     */
    PacketStream(long from, long to, String address) throws IOException {
        ear = program(to, EAR);
        heard = reader(ear);
        expect(heard, "ready");
        mouth = program(from, MOUTH, address);
        said = reader(mouth);
        expect(said, "begun");
    }

    private static Process program(long pid, String text, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--net=/proc/" + pid + "/ns/net", "perl", "-e", text));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static void expect(BufferedReader from, String word) throws IOException {
        String line = from.readLine();
        if (!word.equals(line)) {
            throw new AssertionError("expected '%s', got '%s'".formatted(word, line));
        }
    }

    Figures finish() throws Exception {
        mouth.getOutputStream().close();
        int sent = number(mouth, said);
        return new Figures(sent, sent - number(ear, heard));
    }

    private static int number(Process process, BufferedReader from) throws Exception {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("a program of the stream does not end");
        }
        return Integer.parseInt(from.readLine());
    }

    @Override
    public void close() {
        mouth.destroyForcibly();
        ear.destroyForcibly();
    }
}
