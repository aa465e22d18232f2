package io.netyard.lab.file;

/** A value together with the place in the file that gave it: what a problem with it points to. */
record At<T>(T value, Position position) {

    @Override
    public String toString() {
        return value.toString();
    }
}
