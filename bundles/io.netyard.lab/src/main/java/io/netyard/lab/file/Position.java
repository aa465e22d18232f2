package io.netyard.lab.file;

import java.util.Comparator;

/** A place in a lab file. @param line from 1 @param column from 1, in characters */
record Position(int line, int column) implements Comparable<Position> {

    /** The file as a whole. */
    static final Position WHOLE_FILE = new Position(0, 0);

    @Override
    public int compareTo(Position other) {
        return Comparator.comparingInt(Position::line)
                .thenComparingInt(Position::column)
                .compare(this, other);
    }
}
