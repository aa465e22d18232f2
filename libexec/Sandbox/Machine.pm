package Sandbox::Machine;

# The lab kernel, User-mode Linux, as a child process of the host: started with one serial line, ended by its own pids.

use strict;
use warnings;
use Cwd qw(abs_path);
use Fcntl qw(F_SETFD O_APPEND O_CREAT O_WRONLY);
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use POSIX qw(WNOHANG);
use Socket qw(AF_UNIX PF_UNSPEC SOCK_STREAM);

use constant {
    SYS_PRCTL => 157, PR_SET_CHILD_SUBREAPER => 36,
    # For a guest that has lost its host, to power off.
    ORPHAN_SECONDS => 10,
};

my $INIT = abs_path(dirname(__FILE__) . '/../sandbox-init');

# Starts the kernel. `directory` is private to this machine and holds `job/` (see sandbox-init) and `kernel.log`; the files
# in `inherit` stay open as long as one of its processes is left.
sub start {
    my ($class, %option) = @_;
    my ($directory, $memory) = @option{qw(directory memory)};
    my $program = _program();
    for my $path ($INIT, $directory) {
        die "a path with a quote or line break cannot be given to the kernel: $path\n" if $path =~ /["\n]/;
    }

    socketpair my $here, my $there, AF_UNIX, SOCK_STREAM, PF_UNSPEC or die "socketpair: $!\n";
    sysopen my $log, "$directory/kernel.log", O_WRONLY | O_CREAT | O_APPEND, 0600 or die "$directory/kernel.log: $!\n";
    mkdir "$directory/uml", 0700;

    # The guest's processes become ours when the kernel dies before them: reaped here, not left to process 1.
    syscall SYS_PRCTL, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        POSIX::setsid();    # Ctrl-C on the caller's terminal is not for the guest
        fcntl $_, F_SETFD, 0 for $there, $log, @{ $option{inherit} // [] };
        open STDIN, '<', '/dev/null';
        open STDOUT, '>&', $log;
        open STDERR, '>&', $log;
        # The guest's memory is a deleted file there; on a disk it would be written back all the time.
        $ENV{TMPDIR} = -w '/dev/shm' ? '/dev/shm' : $directory;
        my ($line, $console) = (fileno $there, fileno $log);
        exec {$program} $program, "mem=$memory", 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'rw', 'quiet',
            "uml_dir=$directory/uml", 'umid=machine', 'con=null', "con0=null,fd:$console", 'ssl=null', "ssl0=fd:$line,fd:$line",
            'random.trust_cpu=on', 'panic=-1', "NETYARD_JOB=\"$directory/job\"", "init=\"$INIT\"" or POSIX::_exit(127);
    }
    close $there;
    my $self = bless { pid => $pid, serial => $here, directory => $directory, status => undef }, $class;
    $self->_guard(map { fileno $_ } @{ $option{inherit} // [] });
    return $self;
}

# Whoever kills us with KILL leaves nobody to end the guest. It notices that its serial line is gone and powers off; should
# it not, another process of ours ends it. A parent death signal would not do: User-mode Linux handles TERM wherever it is
# and may wait for itself for ever, and after KILL its guest's processes are left.
sub _guard {
    my ($self, @inherited) = @_;
    pipe my $watched, my $held or die "pipe: $!\n";
    my $guard = fork // die "fork: $!\n";
    if ($guard) {
        @{$self}{qw(guard held)} = ($guard, $held);
        return;
    }
    POSIX::setsid();
    $SIG{$_} = 'IGNORE' for qw(HUP INT TERM);
    open STDIN,  '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    # The other end of the serial line above all.
    my %kept = map { $_ => 1 } 0, 1, 2, fileno $watched, @inherited;
    if (opendir my $open, '/proc/self/fd') {
        POSIX::close($_) for grep { /^\d+$/ && !$kept{$_} } readdir $open;
    }
    sysread $watched, my $nothing, 1;    # returns when we are no more
    my $deadline = time + ORPHAN_SECONDS;
    while (my @left = _session($self->{pid})) {
        kill KILL => @left if time >= $deadline;
        select undef, undef, undef, 0.1;
    }
    POSIX::_exit(0);
}

sub serial { return $_[0]{serial} }

# To be called from time to time: when the kernel has died, ends what is left of the guest. Only then the serial line ends,
# after what is still to be read from it.
sub look_after {
    my ($self) = @_;
    $self->end if !$self->{ended} && !$self->_runs;
    return;
}

# Whether the kernel still runs; once it has ended, it is reaped here.
sub _runs {
    my ($self) = @_;
    return 0 if defined $self->{status};
    return 1 if waitpid($self->{pid}, WNOHANG) == 0;
    $self->{status} = $?;
    return 0;
}

# Ends every process of the guest, after so many seconds. It is made of several: the kernel and one for each address space,
# all in its session.
sub end {
    my ($self, $patience) = @_;
    return if $self->{ended}++;
    my $deadline = time + ($patience // 0);
    select undef, undef, undef, 0.05 while $self->_runs && time < $deadline;
    if ($self->_runs) {
        kill KILL => $self->{pid};
        waitpid $self->{pid}, 0;
        $self->{status} = $?;
    }
    $deadline = time + 5;
    while (time < $deadline) {
        1 while waitpid(-1, WNOHANG) > 0;
        my @left = _session($self->{pid}) or last;
        kill KILL => @left;
        select undef, undef, undef, 0.02;
    }
    1 while waitpid(-1, WNOHANG) > 0;
    close $self->{held};
    waitpid $self->{guard}, 0;
    remove_tree("$self->{directory}/uml");
    return;
}

# The last words of the kernel, for messages about its death.
sub last_words {
    my ($self, $lines) = @_;
    return tail("$self->{directory}/kernel.log", $lines);
}

sub tail {
    my ($path, $lines) = @_;
    open my $file, '<', $path or return '';
    my @all = grep { /\S/ } <$file>;
    splice @all, 0, @all - $lines if @all > $lines;
    return join '', map { "  $_" } @all;
}

sub _program {
    for my $folder (split(/:/, $ENV{PATH} // ''), '/usr/bin') {
        return "$folder/linux.uml" if -x "$folder/linux.uml";
    }
    die "linux.uml not found: sudo apt-get install user-mode-linux\n";
}

# Those that are not dead yet. A pid leads its session's number as long as one member is left, so it cannot have been given to somebody else.
sub _session {
    my ($leader) = @_;
    my @members;
    opendir my $proc, '/proc' or return;
    for my $pid (grep { /^\d+$/ } readdir $proc) {
        open my $file, '<', "/proc/$pid/stat" or next;
        my $stat = <$file> // next;
        # The name in parentheses may hold anything; state, ppid, pgrp and session follow the last of them.
        my ($state, undef, undef, $session) = split ' ', substr $stat, rindex($stat, ')') + 1;
        push @members, $pid if $session == $leader && $state ne 'Z';
    }
    return @members;
}

1;
