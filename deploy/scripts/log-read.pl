#!/usr/bin/env perl
# log-read.pl FILE LINES FOLLOW: prints the last LINES lines of a log that log-write.pl keeps, its older files included (LINES 'all': all of
# them), and with FOLLOW 1 goes on with what is written from then on, over any number of new files. tail -F would leave out what was
# written just before a change, and whole files when it is slow.
use strict;
use warnings;

my ($file, $lines, $follow) = @ARGV;
my @logs = newer_than(undef);
until (@logs || !$follow) { pause(); @logs = newer_than(undef) }
exit 0 if !@logs;

my $skip = 0;
if ($lines ne 'all') {
    my ($first, $count) = (scalar @logs, 0);
    while ($first > 0 && $count < $lines) {
        $count += () = read_all($logs[--$first]) =~ /\n/g;
    }
    seek $_, 0, 0 for @logs;
    splice @logs, 0, $first;
    $skip = $count - $lines;
}

my $line = '';
while (my $log = shift @logs) {
    show($log);
    while ($follow && !@logs) {
        STDOUT->flush();
        @logs = newer_than((stat $log)[1]);
        show($log); # what was written until its name was given away
        pause() if !@logs;
    }
}
STDOUT->flush();

sub show {
    my ($log) = @_;
    seek $log, 0, 1; # after an end of file perl reads on only so
    while (defined(my $part = readline $log)) {
        $line .= $part;
        next if $line !~ /\n\z/;
        print visible($line) or exit 0 if $skip-- <= 0;
        $line = '';
    }
}

# The open files after the one with this inode, oldest first. From new to old, as they are renamed: none is missed, and one that is met
# twice counts once.
sub newer_than {
    my ($inode) = @_;
    my (@found, %seen);
    my $missing = 0;
    for (my $older = 0; $missing < 2; $older++) {
        if (!open my $log, '<', $older ? "$file.$older" : $file) {
            $missing++;
        } else {
            my $its = (stat $log)[1];
            last if defined $inode && $its == $inode;
            unshift @found, $log if !$seen{$its}++;
            $missing = 0;
        }
    }
    return @found;
}

# Whatever a part wrote, a terminal shows it and does nothing else.
sub visible {
    my ($text) = @_;
    $text =~ s/\xc2([\x80-\x9f])|([\x00-\x08\x0b-\x1f\x7f])/sprintf '\x%02x', ord($1 \/\/ $2)/ge;
    return $text;
}

sub read_all {
    my ($log) = @_;
    local $/;
    return readline($log) // '';
}

sub pause { select undef, undef, undef, 0.2 }

use IO::Handle;
