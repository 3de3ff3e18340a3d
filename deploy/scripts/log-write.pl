#!/usr/bin/env perl
# log-write.pl FILE SIZE FILES: writes standard input to FILE, and begins a new one before a line that would make it longer than SIZE bytes;
# the former become FILE.1 (the newest) and so on, FILES with the present one. It ends when nobody has the other end of its input open any
# more, and for no other reason: the signals that end a part do not reach its last lines. A line is never split, lost or written twice; what
# a full disk does not take is left out and counted, so that no part ever waits for its log. docs/decisions/0024.
use strict;
use warnings;

use constant LONGEST_LINE => 1024 * 1024;

my ($file, $size, $files) = @ARGV;
$SIG{$_} = 'IGNORE' for qw(INT TERM HUP QUIT PIPE);

my ($log, $length, $lost) = (undef, 0, 0);
begin() if -s $file || !open_log($file);
my $text = '';
while (1) {
    my $read = sysread(STDIN, $text, 65536, length $text);
    next if !defined $read && $!{EINTR};
    last if !$read;
    write_lines();
}
$text .= "\n" if length $text;
write_lines();

# Writes what is whole, each file up to the last line that fits.
sub write_lines {
    while ((my $end = rindex($text, "\n") + 1) || length $text >= LONGEST_LINE) {
        $end ||= length $text;
        if ($length + $end > $size) {
            my $fits = $length < $size ? rindex($text, "\n", $size - $length - 1) + 1 : 0;
            if (!$fits && $length) {
                begin();
                next;
            }
            $end = $fits || index($text, "\n") + 1 || $end; # a line that is longer than a file has one of its own
        }
        put(substr($text, 0, $end, ''));
    }
}

sub put {
    my ($lines) = @_;
    if ($lost) {
        my $note = qq({"\@l":"Error","\@m":"$lost bytes of this log are missing: they could not be written"}\n);
        $note = "\n$note" if $length && !ends_with_line();
        if ((syswrite($log, $note) // 0) == length $note) {
            $length += length $note;
            $lost = 0;
        }
    }
    while (length $lines) {
        my $written = $lost ? undef : syswrite($log, $lines);
        next if !defined $written && !$lost && $!{EINTR};
        if (!$written) {
            $lost += length $lines;
            return;
        }
        $length += $written;
        substr($lines, 0, $written, '');
    }
}

sub ends_with_line {
    my $last = '';
    sysseek($log, -1, 2);
    sysread($log, $last, 1);
    return $last eq "\n";
}

sub open_log {
    my ($name) = @_;
    open(my $new, '+>>', $name) or return 0;
    binmode $new;
    ($log, $length) = ($new, -s $new);
    return 1;
}

# The new file is there before the former gives up its name: with a full disk the former is used on.
sub begin {
    my $was = $log;
    if (!open_log("$file.new")) {
        $length = 0;
        open_log($file) or open_log('/dev/null') or die "$file: $!\n" if !$was;
        return;
    }
    for my $older (reverse 1 .. $files - 1) {
        rename $older == 1 ? $file : $file . '.' . ($older - 1), "$file.$older";
    }
    rename "$file.new", $file;
}
