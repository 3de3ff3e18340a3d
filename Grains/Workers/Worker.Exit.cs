using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Streams;

/// <summary>Tells the end of a run in words.</summary>
internal sealed partial class Worker
{
    /// <summary>.NET reports a death by signal N as exit code 128 + N.</summary>
    private const int SignalBase = 128;

    /// <summary>
    /// The signals that end processes in practice. Other codes above 128 are a program's own: newer versions of ffmpeg exit with the low byte
    /// of their error, for example 145 when the connection was refused, 218 for a codec that does not fit, and 255 when a signal asked them to end.
    /// </summary>
    private static readonly int[] DeadlySignals = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15];

    /// <summary>What ffmpeg and GStreamer print when MediaMTX refuses them.</summary>
    private static readonly string[] Refusals = ["authentication failed", "401 Unauthorized", "404 Not Found", "Operation not permitted", "is not configured"];

    private WorkerExit Classify(int code, bool killed, WorkerCommand command, TimeSpan lasted)
    {
        ImmutableArray<string> log = _tail.Snapshot();
        string program = Path.GetFileName(command.Program);
        string after = $"after {lasted.TotalSeconds:0.0} s";
        if (_stopAsked.Task is { IsCompletedSuccessfully: true } asked)
        {
            return ClassifyStopped(GetCause(asked), code, killed, program, after, log);
        }

        if (code == 0)
        {
            return new WorkerExit(WorkerExitKind.Ended, $"{program} ended by itself {after}, most likely because its input ended.", 0, null, log);
        }

        string last = log.LastOrDefault(static line => !LevelOnly().IsMatch(line)) is { } words ? $"It last wrote: {words}" : "It wrote nothing.";
        if (log.Select(static line => Incompatible().Match(line)).FirstOrDefault(static match => match.Success) is { } match)
        {
            string what = $"The input's {match.Groups[1].Value.ToLowerInvariant()} codec {match.Groups[2].Value} does not fit into the output ({match.Groups[3].Value}).";
            return new WorkerExit(WorkerExitKind.CodecUnsupported, $"{what} Publish H.264 and AAC, or choose a profile that transcodes.", code, null, log);
        }

        if (log.LastOrDefault(static line => Refusals.Any(refusal => line.Contains(refusal, StringComparison.Ordinal))) is { } refused)
        {
            string remedy = $"{program} was refused by MediaMTX {after}: {refused}. Check that the input is live, and {MediaOptions.Section}:WorkerUser and WorkerPassword against MediaMTX's users, or Auth against its authMethod.";
            return new WorkerExit(WorkerExitKind.Refused, remedy, code, null, log);
        }

        if (DeadlySignals.Contains(code - SignalBase))
        {
            return new WorkerExit(WorkerExitKind.Killed, $"{program} was killed by signal {code - SignalBase} {after}. {last}", null, code - SignalBase, log);
        }

        return new WorkerExit(WorkerExitKind.Failed, $"{program} failed with exit code {code} {after}. {last}", code, null, log);
    }

    private WorkerExit ClassifyStopped(StopCause cause, int code, bool killed, string program, string after, ImmutableArray<string> log)
    {
        string how = killed
            ? $"{program} did not end within {_options.StopGrace.TotalSeconds:0.#} s of being asked to, and was killed {after}."
            : $"{program} was stopped {after}.";
        WorkerExitKind kind = cause == StopCause.Stalled ? WorkerExitKind.Hung : killed ? WorkerExitKind.KilledAfterGrace : WorkerExitKind.Stopped;
        return new WorkerExit(kind, how, killed ? null : code, killed ? Signals.Kill : null, log);
    }

    /// <summary>What ffmpeg prints when a container cannot carry a codec.</summary>
    [GeneratedRegex(@"\b(Video|Audio) codec (\S+) not compatible with (\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Incompatible();

    /// <summary>A line of ffmpeg that has a level and no words.</summary>
    [GeneratedRegex(@"^\[\w+\]\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex LevelOnly();

    private static StopCause GetCause(Task<StopCause> asked) => asked.GetAwaiter().GetResult();
}
