using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Streams.Hooks;

/// <summary>One run of the hook: reads arguments and environment, and sends at most one request and one line of output.</summary>
/// <param name="environment">The value of a variable, or null.</param>
/// <param name="clock">The clock.</param>
internal sealed class HookCommand(Func<string, string?> environment, TimeProvider clock)
{
    private const string Help = """
        Usage: mtx-hook ready | not-ready | online | offline | --help | --version

        Reports to the Streams API that a path of MediaMTX became available or ended. MediaMTX runs it
        (runOnAvailable, runOnUnavailable) and sets MTX_*; the operator sets the others. online and
        offline are for hooks of all paths (runOnOnline, runOnOffline of pathDefaults): the same as ready
        and not-ready for live/STREAM/in and live/STREAM/out, and nothing for any other path.

          MTX_PATH             required
          MTX_SOURCE_TYPE      required; without it and without MTX_SOURCE_ID there is no publisher (an
                               always-available path shows its slate), and nothing is sent
          MTX_SOURCE_ID        empty for a source that MediaMTX pulls itself
          MTX_QUERY            optional; credentials in it are never sent
          ORCHESTRATOR_URL     required: base address of the API, such as http://127.0.0.1:8080
          ORCHESTRATOR_TOKEN   optional: bearer token of the API
          STREAMS_NODE         optional: name of this media server, 1 to 64 of A-Z a-z 0-9 _ -

        Exit codes: 0 accepted or nothing to report, 1 refused by the API, 2 wrong arguments or environment,
        3 not reachable or no answer within 2 s. A failure writes one JSON line to standard error.

        """;

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">The process's arguments.</param>
    /// <param name="output">Receives help and version.</param>
    /// <param name="errors">Receives the failure line.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    internal async Task<int> RunAsync(string[] arguments, Stream output, Stream errors)
    {
        switch (arguments)
        {
            case ["ready" or "not-ready"]:
                return await Send(arguments[0], errors);
            case ["online" or "offline"]:
                return HookSettings.IsOfStream(environment) ? await Send(arguments[0] == "online" ? "ready" : "not-ready", errors) : ExitCode.Accepted;
            case ["--help" or "-h"]:
                output.Write(Encoding.UTF8.GetBytes(Help));
                return ExitCode.Accepted;
            case ["--version"]:
                output.Write(Encoding.UTF8.GetBytes($"mtx-hook {Version}\n"));
                return ExitCode.Accepted;
            default:
                HookOutcome misused = new(ExitCode.Misused, "expects one argument: ready, not-ready, online, offline, --help or --version");
                return Report("mtx-hook", misused, null, null, errors);
        }
    }

    private static string Version =>
        typeof(HookCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private async Task<int> Send(string kind, Stream errors)
    {
        if (HookSettings.HasNoSource(environment))
        {
            return ExitCode.Accepted;
        }

        HookEvent? hookEvent = null;
        ActivityTraceId? trace = null;
        HookOutcome outcome;
        if (HookSettings.Read(environment, out string problem) is { } settings)
        {
            DateTimeOffset now = clock.GetUtcNow();
            hookEvent = new HookEvent(
                settings.Path,
                settings.SourceType,
                settings.SourceId,
                settings.Query,
                Guid.CreateVersion7(now),
                Text.Rfc3339(now),
                settings.Node);
            trace = ActivityTraceId.CreateRandom();
            outcome = await new EventClient(settings.Receiver, settings.Token, clock).Post(kind, hookEvent, trace.Value);
        }
        else
        {
            outcome = new HookOutcome(ExitCode.Misused, problem);
        }

        return outcome.ExitCode == ExitCode.Accepted
            ? ExitCode.Accepted
            : Report($"mtx-hook {kind}", outcome, hookEvent, trace, errors);
    }

    private int Report(string what, HookOutcome outcome, HookEvent? hookEvent, ActivityTraceId? trace, Stream errors)
    {
        string path = Text.Truncate(environment("MTX_PATH") ?? "", FailureLine.MaxPath);
        FailureLine line = new(
            Text.Rfc3339(clock.GetUtcNow()),
            "ERR",
            Text.Printable($"{what} {path}".TrimEnd() + $": {outcome.Reason}"),
            path,
            Text.Truncate(environment("MTX_SOURCE_ID") ?? "", FailureLine.MaxSourceId),
            hookEvent?.EventId,
            trace?.ToString(),
            outcome.Status,
            outcome.ExitCode);
        try
        {
            errors.Write(line.ToBytes());
        }
        catch (IOException)
        {
            // Standard error is closed; the exit code still reports the failure.
        }

        return outcome.ExitCode;
    }
}
