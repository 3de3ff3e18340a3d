using System.Text.RegularExpressions;
using Streams.Grains.MediaMtx;
using Streams.Grains.Os;

namespace Streams.Grains.Workers;

/// <summary>
/// Tells the end of a run in words: what failed, the line that says why, and what to do. What a program wrote only explains; whether the stream is
/// tried again never depends on it.
/// </summary>
internal sealed partial class ExitClassifier(WorkerOptions options, MachineShortage machine)
{
    /// <summary>.NET reports a death by signal N as exit code 128 + N.</summary>
    private const int SignalBase = 128;

    /// <summary>Codes with which whoever starts a program says that it cannot: not executable, not found.</summary>
    private const int NotExecutable = 126;
    private const int NotFound = 127;
    private static readonly TimeSpan StartMoment = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The signals that end processes in practice. Other codes above 128 are a program's own: newer versions of ffmpeg exit with the low byte
    /// of their error, for example 145 when the connection was refused, 218 for a codec that does not fit, and 255 when a signal asked them to end.
    /// </summary>
    private static readonly int[] DeadlySignals = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15];

    /// <summary>What ffmpeg and GStreamer print when MediaMTX refuses them.</summary>
    private static readonly string[] Refusals = ["authentication failed", "401 Unauthorized", "404 Not Found", "Operation not permitted", "is not configured"];

    /// <summary>The end of a run that nobody asked to end.</summary>
    public WorkerExit Classify(EndedRun run, WorkerLines lines)
    {
        string after = $"after {run.Lasted.TotalSeconds:0.0} s";
        if (run.ExitCode == 0)
        {
            return new WorkerExit(WorkerExitKind.Ended, $"{run.Program} ended by itself {after}, most likely because its input ended.", 0, null, lines.Tail);
        }

        bool isSignal = DeadlySignals.Contains(run.ExitCode - SignalBase);
        string? error = lines.FindError();
        string? cause = error ?? (isSignal ? null : lines.Last); // The last words of what was killed are about something else.
        string said = error is not null ? $"It wrote: {error}" : lines.Last is { } last ? $"It last wrote: {last}" : "It wrote nothing.";
        if (machine.Find(isSignal ? run.ExitCode - SignalBase : null) is { } shortage)
        {
            string remedy = $"{shortage.Remedy} The stream is tried again every few seconds, and its retries are not used up.";
            return Failed(WorkerExitKind.MachineShort, WorkerFault.Machine, $"{shortage.What}, and {run.Program} ended with exit code {run.ExitCode} {after}. {said}", remedy);
        }

        if (isSignal)
        {
            int signal = run.ExitCode - SignalBase;
            return Failed(WorkerExitKind.Killed, WorkerFault.Killed, $"{run.Program} was killed by signal {signal} {after}. {said}", "Find out who sends it signals: a crash of the program (4, 6, 8, 11), or somebody on this machine.") with { ExitCode = null, Signal = signal };
        }

        if (run.ExitCode is NotExecutable or NotFound && !run.HasProgressed && run.Lasted < StartMoment)
        {
            return Failed(WorkerExitKind.ProgramUnusable, WorkerFault.Starting, $"{run.Program} cannot be executed (exit code {run.ExitCode}). {said}", "Check that the file is a program for this machine, that its interpreter is there, and that this user may execute both.");
        }

        WorkerFault fault = FindFault(cause ?? "", run);
        if (lines.Tail.LastOrDefault(static line => Refusals.Any(refusal => line.Contains(refusal, StringComparison.Ordinal))) is { } refused && run.OutputPath is not null)
        {
            return Failed(WorkerExitKind.Refused, fault, $"{run.Program} was refused by MediaMTX {after}, {Words(fault)}: {refused}.", $"Check that the input is live, and {MediaOptions.Section}:WorkerUser and WorkerPassword against MediaMTX's users, or Auth against its authMethod.");
        }

        return Failed(WorkerExitKind.Failed, fault, $"{run.Program} failed with exit code {run.ExitCode} {after}{(fault == WorkerFault.Unknown ? "" : $", {Words(fault)}")}. {said}", Remedy(fault, run));

        WorkerExit Failed(WorkerExitKind kind, WorkerFault what, string reason, string remedy) =>
            new(kind, $"{reason.TrimEnd('.')}. {remedy}", run.ExitCode, null, lines.Tail) { Fault = what, Cause = cause, Remedy = remedy };
    }

    /// <summary>The end of a run that was asked to end.</summary>
    public WorkerExit ClassifyStopped(StopCause cause, EndedRun run, bool killed, WorkerLines lines)
    {
        string after = $"after {run.Lasted.TotalSeconds:0.0} s";
        if (cause == StopCause.CutOff)
        {
            return new WorkerExit(
                WorkerExitKind.CutOff,
                $"{run.Program} was ended {after}: its silo had reached neither the store nor another silo for some seconds. Check the network between the silos and the store. The stream is tried again, and its retries are not used up.",
                null, Signals.Kill, lines.Tail)
            { Fault = WorkerFault.Machine };
        }

        string how = killed
            ? $"{run.Program} did not end within {options.StopGrace.TotalSeconds:0.#} s of being asked to, and was killed {after}."
            : cause == StopCause.Replaced ? $"{run.Program} was stopped {after}: its next run has taken over, or it was not wanted any more."
            : cause == StopCause.MakesRoom ? $"{run.Program} was stopped {after}: another stream needed its slot." : $"{run.Program} was stopped {after}.";
        WorkerExitKind kind = cause == StopCause.Stalled ? WorkerExitKind.Hung : killed ? WorkerExitKind.KilledAfterGrace : WorkerExitKind.Stopped;
        return new WorkerExit(kind, how, killed ? null : run.ExitCode, killed ? Signals.Kill : null, lines.Tail) { Fault = cause == StopCause.Stalled ? WorkerFault.Hanging : null };
    }

    /// <summary>A run whose process the system refused to make.</summary>
    public static WorkerExit ClassifyUnstarted(Exception refused, string program)
    {
        if (MachineShortage.FindIn(refused) is { } shortage)
        {
            string wait = $"{shortage.Remedy} The stream is tried again every few seconds, and its retries are not used up.";
            return new WorkerExit(WorkerExitKind.MachineShort, $"{shortage.What}: {program} could not be started ({refused.Message}). {wait}", null, null, []) { Fault = WorkerFault.Machine, Remedy = wait };
        }

        return new WorkerExit(WorkerExitKind.StartFailed, $"The system refused to start {program}: {refused.Message}", null, null, []) { Fault = WorkerFault.Starting };
    }

    private static WorkerFault FindFault(string line, EndedRun run)
    {
        bool isInput = line.Contains(run.InputPath, StringComparison.Ordinal);
        return run.OutputPath is { } path && line.Contains(path, StringComparison.Ordinal) ? WorkerFault.Writing
            : isInput ? WorkerFault.Reading
            : WorkerLines.IsOfDecoder(line) || Decoding().IsMatch(line) ? WorkerFault.Decoding
            : Encoding().IsMatch(line) ? WorkerFault.Encoding
            : Writing().IsMatch(line) ? WorkerFault.Writing
            : Reading().IsMatch(line) ? WorkerFault.Reading
            : WorkerFault.Unknown;
    }

    private static string Words(WorkerFault fault) => fault switch
    {
        WorkerFault.Reading => "reading the input",
        WorkerFault.Decoding => "decoding",
        WorkerFault.Encoding => "encoding",
        WorkerFault.Writing => "writing the output",
        _ => "for an unknown cause",
    };

    private static string Remedy(WorkerFault fault, EndedRun run) => fault switch
    {
        WorkerFault.Reading => "Check that the publisher still sends, and the publisher's encoder.",
        WorkerFault.Decoding => "The input is damaged or of a kind that this program cannot decode: look at the publisher's encoder, or choose a profile that copies.",
        WorkerFault.Encoding => "Check the encoder's options in the profile, and that its library or GPU is there.",
        WorkerFault.Writing when run.OutputPath is null => "Check the target that the profile writes to: its address, its key, whether it takes connections.",
        WorkerFault.Writing => "Look at MediaMTX's log for the reason why it ended the connection (make logs).",
        _ => "Look at the run's log (GET /v1/streams/ID/runs/N/log), and try the profile's command by hand.",
    };

    [GeneratedRegex(@"rror while decoding|Decoding error|[Dd]ecoder (?:not|thread)|[Nn]o decoder|could not decode|cannot decode", RegexOptions.CultureInvariant)]
    private static partial Regex Decoding();

    [GeneratedRegex(@"rror while opening encoder|[Ee]ncoding failed|[Uu]nknown encoder|rror while encoding|^\[(?:lib\w+|\w+_(?:nvenc|vaapi|qsv|amf|v4l2m2m)|enc:[^\]]*) @ |[Ee]ncoder ", RegexOptions.CultureInvariant)]
    private static partial Regex Encoding();

    [GeneratedRegex(@"av_interleaved_write_frame|[Cc]ould not write header|rror writing|rror muxing|rror closing file|^\[(?:flv|rtmp|rtmps|mpegts|out#|mux)\b|Broken pipe|rtmp2?sink|not compatible with", RegexOptions.CultureInvariant)]
    private static partial Regex Writing();

    [GeneratedRegex(@"method (?:DESCRIBE|SETUP|PLAY|OPTIONS) failed|^\[(?:rtsp|rtp|in#|tcp)\b|rror opening input|[Ii]nvalid data found|rtspsrc|Server returned", RegexOptions.CultureInvariant)]
    private static partial Regex Reading();
}

/// <summary>A process that has ended.</summary>
/// <param name="Program">Its name.</param>
/// <param name="ExitCode">Its exit code, as .NET tells it.</param>
/// <param name="Lasted">How long it lived.</param>
/// <param name="HasProgressed">Whether it ever made progress.</param>
/// <param name="InputPath">The path that it read.</param>
/// <param name="OutputPath">The path that it published; null when it writes elsewhere.</param>
internal sealed record EndedRun(string Program, int ExitCode, TimeSpan Lasted, bool HasProgressed, string InputPath, string? OutputPath);
