using System.Collections.Immutable;
using Streams.Grains.Workers.Progress;

namespace Streams.Grains.Workers;

/// <summary>What is executed: resolved, validated, and never shown as it is, since its arguments hold secrets.</summary>
/// <param name="Program">Absolute path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Progress">How it reports progress.</param>
internal sealed record WorkerCommand(string Program, ImmutableArray<string> Arguments, ProgressFormat Progress)
{
    /// <summary>Its whole environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Takes its secrets out of what is shown.</summary>
    public required SecretRedactor Secrets { get; init; }

    /// <summary>Where its output must arrive; null for one that writes elsewhere.</summary>
    public StreamPath? Output { get; init; }

    /// <summary>Whether its output is kept; null until that is known.</summary>
    public StreamContinuity Continuity { get; init; } = StreamContinuity.Off;

    /// <summary>The slate of its output while it is kept; null for one that is not.</summary>
    public string? Slate { get; init; }

    /// <summary>The input's tracks by codec; empty when MediaMTX did not tell them.</summary>
    public ImmutableArray<string> Tracks { get; init; } = [];

    /// <summary>The environment of a run's process, with the mark by which its silo's successors know it.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(WorkerRun run) => new Dictionary<string, string>(Environment, StringComparer.Ordinal) { [RunMarker.Variable] = RunMarker.Of(run) };

    /// <summary>As it may be shown.</summary>
    public string Describe() => Secrets.Redact(string.Join(' ', Arguments.Prepend(Program)));
}
