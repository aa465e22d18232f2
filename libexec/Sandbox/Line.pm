package Sandbox::Line;

# Many byte streams over one serial line. The sandbox has no network card to the host, so that it needs no rights there:
# every console session, and the output of a command, is a channel of frames on this line.
#
#     frame   = channel (u16) type (u8) length (u16) payload, big endian
#     greeting: each side sends GREETING before its first frame and ignores what comes before the other's
#
# A sender may have WINDOW bytes of a channel on their way and waits for the receiver's CREDIT to send more: memory stays
# bounded, and a reader that has stopped holds up its own channel and no other.
#
# The line itself is paced as well, towards the guest: once more than some 4,000 bytes wait in its terminal, User-mode Linux
# throttles the line and never reads from it again. The guest acknowledges what it has read with CREDIT on channel 0.
#
# The two directions of a channel end one by one, as those of a TCP connection do: with CLOSE by the sender, or because the
# receiver sent STOP, which the sender answers with CLOSE. After both the channel's number is free.

use strict;
use warnings;
use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);
use Socket qw(MSG_NOSIGNAL SHUT_WR);

use constant {
    OPEN   => 1,    # host to guest: connect a new channel to the console's port
    DATA   => 2,
    CLOSE  => 3,    # no more data from the sender
    CREDIT => 4,    # u32: so many bytes of this channel have been delivered; of CONTROL: so many of the line read
    EXIT   => 5,    # guest to host: the command has ended; u8, its exit status
    HALT   => 6,    # host to guest: end what runs and power off
    STOP   => 7,    # the sender of this frame takes no more data

    GREETING   => "\0netyard sandbox 1\n",
    CONTROL    => 0,             # no channel, but the line itself
    HEADER     => 5,
    CHUNK      => 16_384,
    WINDOW     => 262_144,
    HIGH_WATER => 65_536,
    # N_TTY_BUF_SIZE is 4,096, and TTY_THRESHOLD_THROTTLE 128.
    LINE_WINDOW => 3_840, LINE_CREDIT => 960,
    # A blocking pipe that select calls writable takes so much at once.
    PIPE_CHUNK => 4_096,
};

# The host's end. `handlers` maps a frame type to a sub called with the line, the channel's number and the payload.
sub host {
    my ($class, $serial, %handlers) = @_;
    my $self = $class->_new($serial, %handlers);
    $self->{line_window} = LINE_WINDOW;
    return $self;
}

# The guest's end, which speaks first: before that nobody listens there.
sub guest {
    my ($class, $serial, %handlers) = @_;
    my $self = $class->_new($serial, %handlers);
    $self->{line_read} = 0;
    $self->_greet;
    return $self;
}

sub _new {
    my ($class, $serial, %handlers) = @_;
    nonblocking($serial);
    return bless {
        serial => $serial, in => '', out => '', greeted => 0, spoken => 0, alive => 1, channels => {}, handlers => \%handlers,
        line_window => undef,    # bytes that may be written; undef: any number
        line_read   => undef,    # bytes read and not acknowledged; undef: nobody wants to know
    }, $class;
}

sub nonblocking {
    my ($handle) = @_;
    my $flags = fcntl($handle, F_GETFL, 0) or die "fcntl: $!\n";
    fcntl($handle, F_SETFL, $flags | O_NONBLOCK) or die "fcntl: $!\n";
    return;
}

sub _greet {
    my ($self) = @_;
    $self->{out} .= GREETING if !$self->{spoken}++;
    return;
}

sub alive   { return $_[0]{alive} }
sub greeted { return $_[0]{greeted} }
sub idle    { return !length $_[0]{out} }

sub channels { return scalar keys %{ $_[0]{channels} } }

# Whether all that has arrived has also been delivered.
sub delivered { return !grep { length $_->{queue} } values %{ $_[0]{channels} } }

sub frame {
    my ($self, $id, $type, $payload) = @_;
    $payload //= '';
    $self->{out} .= pack('nCn', $id, $type, length $payload) . $payload;
    return;
}

# Carries what can be read from `source` to the other side and what arrives for this channel to `sink`. Either may be left
# out, here and on the other side the other one: a channel of one direction.
sub attach {
    my ($self, $id, %ends) = @_;
    $self->{channels}{$id} = {
        source => $ends{source}, sink => $ends{sink}, socket => undef,
        queue => '', window => WINDOW, delivered => 0, closing => 0, chunk => PIPE_CHUNK,
    };
    return;
}

# The same for a socket, in both directions.
sub attach_socket {
    my ($self, $id, $socket) = @_;
    nonblocking($socket);
    $self->attach($id, source => $socket, sink => $socket);
    @{ $self->{channels}{$id} }{qw(socket chunk)} = ($socket, CHUNK);
    return;
}

# Refuses the channel that the other side has just opened.
sub refuse {
    my ($self, $id) = @_;
    $self->frame($id, STOP);
    $self->frame($id, CLOSE);
    return;
}

sub taken { return exists $_[0]{channels}{ $_[1] } }

# One round: waits at most so many seconds for something to do and does it. `watch` maps more file numbers to subs that
# are called when there is something to read.
sub pump {
    my ($self, $seconds, $watch) = @_;
    my ($readable, $writable) = ('', '');
    vec($readable, fileno $self->{serial}, 1) = 1;
    vec($writable, fileno $self->{serial}, 1) = 1 if length $self->{out} && ($self->{line_window} // 1) > 0;
    my $room = length $self->{out} < HIGH_WATER;
    for my $channel (values %{ $self->{channels} }) {
        vec($readable, fileno $channel->{source}, 1) = 1
            if $channel->{source} && $room && $channel->{window} > 0;
        vec($writable, fileno $channel->{sink}, 1) = 1 if $channel->{sink} && length $channel->{queue};
    }
    vec($readable, $_, 1) = 1 for keys %{ $watch // {} };

    my $ready = select $readable, $writable, undef, $seconds;
    $self->_notice_departures;
    return if $ready <= 0;

    $self->_write_serial if vec $writable, fileno $self->{serial}, 1;
    # What the other side sends may end channels: only those that are still the same have their turn.
    my %before = %{ $self->{channels} };
    $self->_read_serial if vec $readable, fileno $self->{serial}, 1;
    for my $id (keys %before) {
        my $channel = $before{$id};
        $self->_deliver($id, $channel) if $channel->{sink} && vec $writable, fileno $channel->{sink}, 1;
        $self->_collect($id, $channel) if $channel->{source} && vec $readable, fileno $channel->{source}, 1;
    }
    for my $number (keys %{ $watch // {} }) {
        $watch->{$number}->() if vec $readable, $number, 1;
    }
    return;
}

sub _write_serial {
    my ($self) = @_;
    my $window = $self->{line_window};
    my $written = syswrite $self->{serial}, $self->{out}, defined $window && $window < CHUNK ? $window : CHUNK;
    if (defined $written) {
        substr $self->{out}, 0, $written, '';
        $self->{line_window} -= $written if defined $window;
    }
    elsif (!_transient()) {
        $self->{alive} = 0;
    }
    return;
}

sub _read_serial {
    my ($self) = @_;
    my $count = sysread $self->{serial}, $self->{in}, CHUNK, length $self->{in};
    if (!$count) {
        $self->{alive} = 0 if defined $count || !_transient();
        return;
    }
    $self->_acknowledge($count) if defined $self->{line_read};
    if (!$self->{greeted}) {
        my $at = index $self->{in}, GREETING;
        if ($at < 0) {
            my $keep = length(GREETING) - 1;
            $self->{in} = substr $self->{in}, -$keep if length $self->{in} > $keep;
            return;
        }
        substr $self->{in}, 0, $at + length(GREETING), '';
        $self->{greeted} = 1;
        $self->_greet;
    }
    while (length $self->{in} >= HEADER) {
        my ($id, $type, $length) = unpack 'nCn', $self->{in};
        last if length $self->{in} < HEADER + $length;
        my $payload = substr $self->{in}, HEADER, $length;
        substr $self->{in}, 0, HEADER + $length, '';
        $self->_take($id, $type, $payload);
    }
    return;
}

sub _acknowledge {
    my ($self, $count) = @_;
    $self->{line_read} += $count;
    return if $self->{line_read} < LINE_CREDIT;
    $self->frame(CONTROL, CREDIT, pack 'N', $self->{line_read});
    $self->{line_read} = 0;
    return;
}

sub _take {
    my ($self, $id, $type, $payload) = @_;
    if ($id == CONTROL && $type == CREDIT) {
        $self->{line_window} += unpack 'N', $payload;
        return;
    }
    if (my $handler = $self->{handlers}{$type}) {
        $handler->($self, $id, $payload);
        return;
    }
    my $channel = $self->{channels}{$id} or return;    # ended on this side, the other does not know yet
    if    ($type == DATA)   { $channel->{queue} .= $payload if $channel->{sink} }
    elsif ($type == CREDIT) { $channel->{window} += unpack 'N', $payload }
    elsif ($type == STOP)   { $self->_source_ended($id, $channel) }
    elsif ($type == CLOSE) {
        $channel->{closing} = 1;
        $self->_sink_ended($id, $channel) if !length $channel->{queue};
    }
    return;
}

sub _deliver {
    my ($self, $id, $channel) = @_;
    my $written = syswrite $channel->{sink}, $channel->{queue}, $channel->{chunk};
    if (!defined $written) {
        $self->_sink_failed($id, $channel) if !_transient();
        return;
    }
    substr $channel->{queue}, 0, $written, '';
    $channel->{delivered} += $written;
    if ($channel->{delivered} >= WINDOW / 4) {
        $self->frame($id, CREDIT, pack 'N', $channel->{delivered});
        $channel->{delivered} = 0;
    }
    $self->_sink_ended($id, $channel) if $channel->{closing} && !length $channel->{queue};
    return;
}

sub _collect {
    my ($self, $id, $channel) = @_;
    my $limit = $channel->{window} < CHUNK ? $channel->{window} : CHUNK;
    my $data;
    my $count = sysread $channel->{source}, $data, $limit;
    return if !defined $count && _transient();
    if ($count) {
        $channel->{window} -= $count;
        $self->frame($id, DATA, $data);
        return;
    }
    $self->_source_ended($id, $channel);
    return;
}

sub _source_ended {
    my ($self, $id, $channel) = @_;
    return if !$channel->{source};
    $self->frame($id, CLOSE);
    my $source = $channel->{source};
    $channel->{source} = undef;
    close $source if !$channel->{socket};
    $self->_release($id, $channel);
    return;
}

# All has arrived and been delivered.
sub _sink_ended {
    my ($self, $id, $channel) = @_;
    my $sink = $channel->{sink} or return;
    $channel->{sink} = undef;
    if ($channel->{socket}) { shutdown $sink, SHUT_WR }
    else                    { close $sink }
    $self->_release($id, $channel);
    return;
}

# The reader has gone: the rest of what comes is thrown away until the other side has stopped. What it said before it went is
# still to be read.
sub _sink_failed {
    my ($self, $id, $channel) = @_;
    $self->frame($id, STOP) if !$channel->{closing};
    @{$channel}{qw(queue sink)} = ('', undef);
    $self->_release($id, $channel);
    return;
}

sub _release {
    my ($self, $id, $channel) = @_;
    return if $channel->{source} || $channel->{sink};
    close $channel->{socket} if $channel->{socket};
    delete $self->{channels}{$id};
    return;
}

# Reading from a socket tells only once that the other end says no more; whether it is still there to listen, writing does.
sub _notice_departures {
    my ($self) = @_;
    for my $id (keys %{ $self->{channels} }) {
        my $channel = $self->{channels}{$id};
        next if !$channel->{socket} || $channel->{source} || !$channel->{sink};
        $self->_sink_failed($id, $channel)
            if !defined send($channel->{sink}, '', MSG_NOSIGNAL) && !_transient();
    }
    return;
}

sub _transient { return $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR }

1;
