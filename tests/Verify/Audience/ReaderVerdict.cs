using System.Globalization;

namespace Streams.Verify.Audience;

/// <summary>What one change did to one reader.</summary>
internal sealed record ReaderVerdict
{
    /// <summary>The largest step of time stamps that is allowed (SC-013).</summary>
    private static readonly TimeSpan AllowedStep = TimeSpan.FromSeconds(0.2);

    /// <summary>Less is rounding: ffmpeg puts times together from sender reports.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    /// <summary>The reader.</summary>
    public required string Reader { get; init; }

    /// <summary>Whether it was disconnected, or had to begin anew.</summary>
    public required bool IsLost { get; init; }

    /// <summary>The longest time without a picture.</summary>
    public required TimeSpan Gap { get; init; }

    /// <summary>By how much the time stamps of the picture moved against the clock; null where that cannot be told.</summary>
    public TimeSpan? Step { get; init; }

    /// <summary>The same of the sound.</summary>
    public TimeSpan? SoundStep { get; init; }

    /// <summary>The larger of the two, without its sign.</summary>
    public TimeSpan LargestStep => new[] { Step, SoundStep }.Max(static step => step?.Duration() ?? TimeSpan.Zero);

    /// <summary>How many time stamps went back.</summary>
    public required int StepsBack { get; init; }

    /// <summary>By how much at most.</summary>
    public TimeSpan FurthestBack { get; init; }

    /// <summary>What the decoder could not decode.</summary>
    public required IReadOnlyList<string> Damage { get; init; }

    /// <summary>The verdict on what a reader saw.</summary>
    /// <param name="reader">The reader's name.</param>
    /// <param name="kind">How it receives pictures.</param>
    /// <param name="log">What it saw.</param>
    /// <param name="from">The beginning of the change.</param>
    /// <param name="until">The end of the measurement.</param>
    public static ReaderVerdict Of(string reader, ReaderKind kind, ReaderLog log, TimeSpan from, TimeSpan until)
    {
        bool isLost = log.Losses.Any(at => at > from && at <= until);
        bool isLive = kind == ReaderKind.Live && !isLost; // The time stamps of another connection begin anew.
        Complaint[] complaints = [.. log.Complaints.Where(complaint => complaint.At > from && complaint.At <= until)];
        TimeSpan[] back = isLost || kind == ReaderKind.Player
            ? []
            :
            [
                .. FrameSeries.StepsBack(log.Pictures, from), .. FrameSeries.StepsBack(log.Sounds, from),
                .. complaints.Where(static complaint => complaint.IsStepBack).Select(static complaint => complaint.Back ?? TimeSpan.MaxValue),
            ];
        back = [.. back.Where(static step => step > Rounding)];
        return new ReaderVerdict
        {
            Reader = reader,
            IsLost = isLost,
            Gap = kind switch
            {
                ReaderKind.Segments => FrameSeries.LongestFreeze(log.Pictures, from, until),
                ReaderKind.Player => FrameSeries.LongestStandstill(log.Pictures, from, until),
                _ => FrameSeries.LongestGap(log.Pictures, from, until),
            },
            Step = isLive ? FrameSeries.Step(log.Pictures, from, until) : null,
            SoundStep = isLive ? FrameSeries.Step(log.Sounds, from, until) : null,
            StepsBack = back.Length,
            FurthestBack = back.DefaultIfEmpty().Max(),
            Damage = [.. complaints.Where(static complaint => complaint.IsDamage).Select(static complaint => complaint.Text)],
        };
    }

    /// <summary>Whether the audience saw no more of it than it may.</summary>
    /// <param name="gap">The longest time without a picture that is allowed.</param>
    public bool IsMet(TimeSpan gap) => !IsLost && Gap <= gap && StepsBack == 0 && Damage.Count == 0 && LargestStep <= AllowedStep;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Reader} {(IsLost ? "LOST, " : "")}{Gap.TotalSeconds:0.00} s{Text(", step", Step)}{Text(" (sound", SoundStep, ")")}{(StepsBack > 0 ? string.Create(CultureInfo.InvariantCulture, $", {StepsBack} back by up to {FurthestBack.TotalSeconds:0.000} s") : "")}{(Damage.Count > 0 ? $", {Damage.Count} damaged" : "")}");

    private static string Text(string before, TimeSpan? step, string after = "") =>
        step is { } known ? string.Create(CultureInfo.InvariantCulture, $"{before} {Math.Round(known.TotalSeconds, 2):+0.00;-0.00;0.00}{after}") : "";
}
