using System.Globalization;
using Streams.Api.Wire;

namespace Streams.Api.Pages;

/// <summary>Formats values for the pages. The page's script writes the same (<c>format.js</c>), and a test compares them.</summary>
internal static class PageText
{
    /// <summary>For what is unknown, or does not apply.</summary>
    public const string None = "–";

    public static string Fps(double? fps) => fps is { } known ? Text($"{known:0.0}") : None;

    // In its first moments ffmpeg divides by next to nothing.
    public static string Speed(double? speed) => speed is { } known and < 100 ? Text($"{known:0.00}×") : None;

    public static string Count(long? count) => count is { } known ? Text($"{known}") : None;

    public static string Bitrate(double? bps) => bps switch
    {
        null => None,
        >= 1e6 => Text($"{bps / 1e6:0.00} Mb/s"),
        _ => Text($"{bps / 1e3:0} kb/s"),
    };

    public static string Bytes(long? bytes) => bytes switch
    {
        null => None,
        >= 1_000_000_000 => Text($"{bytes / 1e9:0.00} GB"),
        >= 1_000_000 => Text($"{bytes / 1e6:0.0} MB"),
        _ => Text($"{bytes / 1e3:0} kB"),
    };

    /// <summary>The two largest units of the time between two times of day, as a person at a clock would count it.</summary>
#pragma warning disable RS0030 // What a page shows was told by several processes, and may be of days ago: there is only the time of day.
    public static string Duration(DateTimeOffset? from, DateTimeOffset to) => Duration(to - from);

    private static double SecondsUntil(DateTimeOffset at, DateTimeOffset now) => (at - now).TotalSeconds;
#pragma warning restore RS0030

    /// <summary>The two largest units of a time that passed.</summary>
    public static string Duration(TimeSpan? passed)
    {
        if (passed is not { } known)
        {
            return None;
        }

        long seconds = Math.Max(0, (long)known.TotalSeconds);
        return seconds switch
        {
            < 60 => Text($"{seconds} s"),
            < 3_600 => Text($"{seconds / 60} min {seconds % 60:00} s"),
            < 86_400 => Text($"{seconds / 3_600} h {seconds / 60 % 60:00} min"),
            _ => Text($"{seconds / 86_400} d {seconds / 3_600 % 24:00} h"),
        };
    }

    /// <summary>A time of day, UTC, with the date when that is not today's; the page's script puts the reader's own in its place.</summary>
    public static string Time(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A phase as it stands in an address.</summary>
    public static string Lower(StreamPhase phase) => phase.ToString().ToLowerInvariant();

    /// <summary>The same for programs.</summary>
    public static string Iso(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>What to know of a stream besides its phase; empty when there is nothing.</summary>
    public static string Note(StreamSummary stream, DateTimeOffset now) => stream switch
    {
        { WaitingPosition: { } place } => Text($"waits for a slot, place {place}"),
        { Phase: StreamPhase.Backoff or StreamPhase.Failed, RetryAt: { } at } => Text($"retry in {Math.Max(0, Math.Ceiling(SecondsUntil(at, now))):0} s"),
        { IsHeld: true } => "stopped by an operator",
        { InputIdleSince: { } since } => $"input silent for {Duration(since, now)}",
        { Phase: StreamPhase.Running, OutputSince: null } => "no output yet",
        { Phase: StreamPhase.Running } => "",
        _ => $"for {Duration(stream.Since, now)}",
    };

    /// <summary>The mark of a worker that is slower than real time; empty for others.</summary>
    public static string Slow(double? speed) => speed is { } known ? Text($"slow {known:0.00}×") : "";

    /// <summary>The mark of an input that publishers take over from each other; empty for others.</summary>
    public static string Contested(bool? isContested) => isContested == true ? "contested" : "";

    /// <summary>What a worker failed at, in words.</summary>
    public static string Fault(WorkerFault fault) => fault switch
    {
        WorkerFault.Reading => "reading the input",
        WorkerFault.Decoding => "decoding the input",
        WorkerFault.Encoding => "encoding",
        WorkerFault.Writing => "writing the output",
        WorkerFault.Starting => "starting the program",
        WorkerFault.Machine => "the machine is short of something",
        WorkerFault.Hanging => "it hung, or nothing came out of it",
        WorkerFault.Killed => "killed from outside",
        _ => "unknown",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A planned change, while it is under way.</summary>
    public static string Change(ChangeCause cause) => cause switch
    {
        ChangeCause.Restart => "Restarting",
        ChangeCause.Profile => "Changing the profile",
        ChangeCause.Return => "Returning from the fallback",
        _ => "Moving to another silo",
    };

    /// <summary>What an output shows to its audience.</summary>
    public static string Shows(OutputShows shows) => shows switch
    {
        OutputShows.Live => "live",
        OutputShows.Fallback => "fallback programme",
        OutputShows.Slate => "slate",
        OutputShows.Dark => "dark, nothing came",
        OutputShows.Stopped => "stopped by an operator",
        _ => "offline",
    };

    /// <summary>What the audience saw.</summary>
    public static string Interruptions(AudienceView seen) => seen.Interruptions == 0
        ? "none in this broadcast"
        : string.Create(CultureInfo.InvariantCulture, $"{seen.Interruptions} in this broadcast, {seen.TotalSeconds:0.0} s together, the longest {seen.LongestSeconds:0.0} s");
}
