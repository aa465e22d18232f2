package Sandbox::System;

# What process 1 of a sandbox, or of a rootless appliance, asks of its kernel. Each dies with the kernel's words.

use strict;
use warnings;
use POSIX ();
use Socket qw(AF_INET SOCK_DGRAM);

use constant { SIOCGIFFLAGS => 0x8913, SIOCSIFFLAGS => 0x8914, IFF_UP => 1 };

# asm/unistd_64.h, asm-generic/unistd.h: the architectures that the appliance's native code exists for.
my %NUMBERS = (
    x86_64  => { mount => 165, sethostname => 170 },
    aarch64 => { mount => 40,  sethostname => 161 },
);

sub mount {
    my ($what, $where, $type, $options) = @_;
    $options //= '';
    syscall(number('mount'), $what, $where, $type, 0, $options) == 0 or die "mounting $where: $!\n";
    return;
}

sub set_host_name {
    my ($name) = @_;
    syscall(number('sethostname'), $name, length $name) == 0 or die "setting the host name: $!\n";
    return;
}

sub loopback_up {
    socket my $socket, AF_INET, SOCK_DGRAM, 0 or die "socket: $!\n";
    my $request = pack 'a16 s x22', 'lo', 0;
    ioctl $socket, SIOCGIFFLAGS, $request or die "reading the loopback interface: $!\n";
    my (undef, $flags) = unpack 'a16 s', $request;
    $request = pack 'a16 s x22', 'lo', $flags | IFF_UP;
    ioctl $socket, SIOCSIFFLAGS, $request or die "setting the loopback interface up: $!\n";
    return;
}

# An ordinary user's PATH may lack the folders of what only root can use; in here the user is root.
sub path_for_root {
    my ($path) = @_;
    return join ':', grep { length } $path // '', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
}

sub number {
    my ($name) = @_;
    my $machine = (POSIX::uname())[4];
    return ($NUMBERS{$machine} // die "on $machine: not supported\n")->{$name};
}

1;
