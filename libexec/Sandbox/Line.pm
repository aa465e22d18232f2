package Sandbox::Line;

# Many byte streams over one serial line. The sandbox has no network card to the host, so that it needs no rights there:
# every console session, and the output of a command, is a channel of frames on this line.
#
#     frame   = channel (u16) type (u8) length (u16) payload, big endian
#     greeting: each side sends GREETING before its first frame and ignores what comes before the other's
#
# A sender may have WINDOW bytes of a channel on their way and waits for the receiver's CREDIT to send more: memory stays
# bounded, and a reader that has stopped holds up its own channel and no other.

use strict;
use warnings;
use Errno qw(EAGAIN EINTR EWOULDBLOCK);
use Fcntl qw(F_GETFL F_SETFL O_NONBLOCK);

use constant {
    OPEN   => 1,    # host to guest: connect a new channel to the console's port
    DATA   => 2,
    CLOSE  => 3,    # no more data from the sender, and it takes none
    CREDIT => 4,    # u32: so many bytes of this channel have been delivered
    EXIT   => 5,    # guest to host: the command has ended; u8, its exit status
    HALT   => 6,    # host to guest: end what runs and power off

    GREETING   => "\0netyard sandbox 1\n",
    CONTROL    => 0,             # the channel of EXIT and HALT
    HEADER     => 5,
    CHUNK      => 16_384,
    WINDOW     => 262_144,
    HIGH_WATER => 65_536,
};

# `handlers` maps a frame type to a sub called with the line, the channel's number and the payload.
sub new {
    my ($class, $serial, %handlers) = @_;
    nonblocking($serial);
    return bless {
        serial => $serial, in => '', out => '', greeted => 0, spoken => 0, alive => 1, channels => {}, handlers => \%handlers,
    }, $class;
}

sub nonblocking {
    my ($handle) = @_;
    my $flags = fcntl($handle, F_GETFL, 0) or die "fcntl: $!\n";
    fcntl($handle, F_SETFL, $flags | O_NONBLOCK) or die "fcntl: $!\n";
    return;
}

# Only the guest speaks first; the host answers, since before that nobody listens there.
sub greet {
    my ($self) = @_;
    $self->{out} .= GREETING if !$self->{spoken}++;
    return;
}

sub alive   { return $_[0]{alive} }
sub greeted { return $_[0]{greeted} }
sub idle    { return !length $_[0]{out} }

sub has_channels { return scalar %{ $_[0]{channels} } }

# Whether all that has arrived has also been delivered.
sub delivered { return !grep { length $_->{queue} } values %{ $_[0]{channels} } }

sub frame {
    my ($self, $id, $type, $payload) = @_;
    $payload //= '';
    $self->{out} .= pack('nCn', $id, $type, length $payload) . $payload;
    return;
}

# Carries what can be read from `source` to the other side and what arrives for this channel to `sink`; either may be undef.
sub attach {
    my ($self, $id, %ends) = @_;
    $self->{channels}{$id} = {
        source => $ends{source}, sink => $ends{sink}, queue => '', window => WINDOW, delivered => 0, closing => 0,
    };
    return;
}

sub taken { return exists $_[0]{channels}{ $_[1] } }

# One round: waits at most so many seconds for something to do and does it. `watch` maps more file numbers to subs that
# are called when there is something to read.
sub pump {
    my ($self, $seconds, $watch) = @_;
    my ($readable, $writable) = ('', '');
    vec($readable, fileno $self->{serial}, 1) = 1;
    vec($writable, fileno $self->{serial}, 1) = 1 if length $self->{out};
    my $room = length $self->{out} < HIGH_WATER;
    for my $channel (values %{ $self->{channels} }) {
        vec($readable, fileno $channel->{source}, 1) = 1
            if $channel->{source} && $room && $channel->{window} > 0;
        vec($writable, fileno $channel->{sink}, 1) = 1 if $channel->{sink} && length $channel->{queue};
    }
    vec($readable, $_, 1) = 1 for keys %{ $watch // {} };

    my $ready = select $readable, $writable, undef, $seconds;
    return if $ready <= 0;

    $self->_write_serial if vec $writable, fileno $self->{serial}, 1;
    $self->_read_serial  if vec $readable, fileno $self->{serial}, 1;
    for my $id (keys %{ $self->{channels} }) {
        my $channel = $self->{channels}{$id} or next;
        $self->_deliver($id, $channel) if $channel->{sink} && vec $writable, fileno $channel->{sink}, 1;
        $self->_collect($id, $channel)
            if $self->{channels}{$id} && $channel->{source} && vec $readable, fileno $channel->{source}, 1;
    }
    for my $number (keys %{ $watch // {} }) {
        $watch->{$number}->() if vec $readable, $number, 1;
    }
    return;
}

sub _write_serial {
    my ($self) = @_;
    my $written = syswrite $self->{serial}, $self->{out}, CHUNK;
    if (defined $written) {
        substr $self->{out}, 0, $written, '';
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
    if (!$self->{greeted}) {
        my $at = index $self->{in}, GREETING;
        if ($at < 0) {
            my $keep = length(GREETING) - 1;
            $self->{in} = substr $self->{in}, -$keep if length $self->{in} > $keep;
            return;
        }
        substr $self->{in}, 0, $at + length(GREETING), '';
        $self->{greeted} = 1;
        $self->greet;
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

sub _take {
    my ($self, $id, $type, $payload) = @_;
    if (my $handler = $self->{handlers}{$type}) {
        $handler->($self, $id, $payload);
        return;
    }
    my $channel = $self->{channels}{$id} or return;    # closed on this side, the other does not know yet
    if    ($type == DATA)   { $channel->{queue} .= $payload }
    elsif ($type == CREDIT) { $channel->{window} += unpack 'N', $payload }
    elsif ($type == CLOSE) {
        $channel->{closing} = 1;
        $self->_drop($id) if !length $channel->{queue};
    }
    return;
}

sub _deliver {
    my ($self, $id, $channel) = @_;
    # 4096: a pipe that select calls writable takes so much without blocking.
    my $written = syswrite $channel->{sink}, $channel->{queue}, 4096;
    if (!defined $written) {
        return if _transient();
        $self->frame($id, CLOSE);
        $self->_drop($id);
        return;
    }
    substr $channel->{queue}, 0, $written, '';
    $channel->{delivered} += $written;
    if ($channel->{delivered} >= WINDOW / 4) {
        $self->frame($id, CREDIT, pack 'N', $channel->{delivered});
        $channel->{delivered} = 0;
    }
    $self->_drop($id) if $channel->{closing} && !length $channel->{queue};
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
    $self->frame($id, CLOSE);
    $self->_drop($id);
    return;
}

sub _drop {
    my ($self, $id) = @_;
    my $channel = delete $self->{channels}{$id} or return;
    close $_ for grep { defined } @{$channel}{qw(source sink)};
    return;
}

sub _transient { return $! == EAGAIN || $! == EWOULDBLOCK || $! == EINTR }

1;
