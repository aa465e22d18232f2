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

use constant { SYS_PRCTL => 157, PR_SET_PDEATHSIG => 1, PR_SET_CHILD_SUBREAPER => 36, SIGTERM => 15 };

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
    my $parent = $$;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        POSIX::setsid();    # Ctrl-C on the caller's terminal is not for the guest
        # Whoever kills us with KILL leaves nobody to end the guest. On TERM the kernel ends all of its processes.
        syscall SYS_PRCTL, PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0;
        POSIX::_exit(127) if getppid != $parent;
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
    return bless { pid => $pid, serial => $here, directory => $directory, status => undef }, $class;
}

sub serial { return $_[0]{serial} }

# Whether the kernel still runs; once it has ended, it is reaped here.
sub runs {
    my ($self) = @_;
    return 0 if defined $self->{status};
    return 1 if waitpid($self->{pid}, WNOHANG) == 0;
    $self->{status} = $?;
    return 0;
}

# Ends every process of the guest. It is made of several: the kernel and one for each address space, all in its session.
sub end {
    my ($self, $patience) = @_;
    my $deadline = time + ($patience // 0);
    select undef, undef, undef, 0.05 while $self->runs && time < $deadline;
    if ($self->runs) {
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

# A pid leads its session's number as long as one member is left, so it cannot have been given to somebody else.
sub _session {
    my ($leader) = @_;
    my @members;
    opendir my $proc, '/proc' or return;
    for my $pid (grep { /^\d+$/ } readdir $proc) {
        open my $file, '<', "/proc/$pid/stat" or next;
        my $stat = <$file> // next;
        # The name in parentheses may hold anything; state, ppid, pgrp and session follow the last of them.
        my (undef, undef, undef, $session) = split ' ', substr $stat, rindex($stat, ')') + 1;
        push @members, $pid if $session == $leader;
    }
    return @members;
}

1;
