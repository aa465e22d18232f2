package io.netyard.shell.lab;

import java.util.ArrayList;
import java.util.List;

/** Two texts in the form that diff(1) and patch(1) call unified, for texts that differ in few places. */
final class UnifiedDiff {

    /** Lines shown around what differs. */
    private static final int CONTEXT = 3;

    /** One line, which is in the old text ({@code -}), the new one ({@code +}) or both (blank). */
    private record Line(char sign, String text) {}

    private UnifiedDiff() {}

    /** @return lines; none if the texts are the same */
    static List<String> of(String name, String before, String after) {
        List<Line> lines = lines(before.split("(?<=\n)"), after.split("(?<=\n)"));
        List<String> diff = new ArrayList<>();
        int shown = 0;
        int old = 1;
        int fresh = 1;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).sign() == ' ') {
                old++;
                fresh++;
                continue;
            }
            int from = Math.max(shown, i - CONTEXT);
            int to = end(lines, i);
            int oldStart = old - (i - from);
            int freshStart = fresh - (i - from);
            int oldCount = 0;
            int freshCount = 0;
            List<String> hunk = new ArrayList<>();
            for (Line line : lines.subList(from, to)) {
                oldCount += line.sign() == '+' ? 0 : 1;
                freshCount += line.sign() == '-' ? 0 : 1;
                hunk.add(line.sign() + line.text().replaceAll("[\r\n]+$", ""));
            }
            diff.add("@@ -%d,%d +%d,%d @@".formatted(oldStart, oldCount, freshStart, freshCount));
            diff.addAll(hunk);
            old = oldStart + oldCount;
            fresh = freshStart + freshCount;
            shown = to;
            i = to - 1;
        }
        if (!diff.isEmpty()) {
            diff.addAll(0, List.of("--- " + name, "+++ " + name));
        }
        return diff;
    }

    /** Where the hunk ends that begins with a change. */
    private static int end(List<Line> lines, int change) {
        int last = change;
        for (int i = change; i < lines.size() && i - last <= 2 * CONTEXT; i++) {
            if (lines.get(i).sign() != ' ') {
                last = i;
            }
        }
        return Math.min(lines.size(), last + 1 + CONTEXT);
    }

    /** The shortest way from one to the other: E. Myers, An O(ND) Difference Algorithm, 1986. */
    private static List<Line> lines(String[] a, String[] b) {
        int most = a.length + b.length;
        int[] furthest = new int[2 * most + 2];
        List<int[]> history = new ArrayList<>();
        for (int d = 0; ; d++) {
            history.add(java.util.Arrays.copyOfRange(furthest, most - d, most + d + 2));
            for (int k = -d; k <= d; k += 2) {
                boolean down = k == -d || k != d && furthest[most + k - 1] < furthest[most + k + 1];
                int x = down ? furthest[most + k + 1] : furthest[most + k - 1] + 1;
                while (x < a.length && x - k < b.length && a[x].equals(b[x - k])) {
                    x++;
                }
                furthest[most + k] = x;
                if (x >= a.length && x - k >= b.length) {
                    return way(a, b, history, d);
                }
            }
        }
    }

    private static List<Line> way(String[] a, String[] b, List<int[]> history, int last) {
        List<Line> lines = new ArrayList<>();
        int x = a.length;
        int y = b.length;
        for (int d = last; d > 0; d--) {
            int[] furthest = history.get(d);
            int k = x - y;
            // Index d stands for the diagonal 0.
            boolean down = k == -d || k != d && furthest[d + k - 1] < furthest[d + k + 1];
            int before = down ? k + 1 : k - 1;
            int startX = furthest[d + before];
            int startY = startX - before;
            while (x > startX && y > startY && (down ? y - 1 > startY : x - 1 > startX)) {
                x--;
                y--;
                lines.add(0, new Line(' ', a[x]));
            }
            if (down) {
                y--;
                lines.add(0, new Line('+', b[y]));
            } else {
                x--;
                lines.add(0, new Line('-', a[x]));
            }
        }
        while (x > 0) {
            x--;
            lines.add(0, new Line(' ', a[x]));
        }
        return lines;
    }
}
