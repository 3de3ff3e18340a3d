using System.Collections.Immutable;

namespace Streams;

/// <summary>What is executed: resolved, validated, and never shown as it is, since the output's URL holds the worker's password.</summary>
/// <param name="Program">Absolute path of the program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Progress">How it reports progress.</param>
internal sealed record WorkerCommand(string Program, ImmutableArray<string> Arguments, ProgressFormat Progress);
