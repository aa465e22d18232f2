package Sandbox::Job;

# What the guest is to run, as files in a directory that it reads; sandbox-init says which.

use strict;
use warnings;
use Cwd qw(getcwd);

# `argv` runs here and with this environment. `port` and `output` are the appliance's.
sub describe {
    my ($directory, %job) = @_;
    my ($program, @arguments) = @{ $job{argv} };
    mkdir $directory, 0700 or die "$directory: $!\n";
    write_file("$directory/argv", join '', map { "$_\0" } _find($program), @arguments);
    write_file("$directory/env",  join '', map { "$_=$ENV{$_}\0" } sort keys %ENV);
    write_file("$directory/cwd",  getcwd() // '/');
    write_file("$directory/$_", $job{$_}) for grep { defined $job{$_} } qw(port output);
    return;
}

sub write_file {
    my ($path, $text) = @_;
    open my $file, '>:raw', $path or die "$path: $!\n";
    print {$file} $text;
    close $file or die "$path: $!\n";
    return;
}

sub _find {
    my ($name) = @_;
    return $name if $name =~ m{/};
    for my $folder (split /:/, $ENV{PATH} // '') {
        return "$folder/$name" if -x "$folder/$name" && !-d _;
    }
    return $name;
}

1;
