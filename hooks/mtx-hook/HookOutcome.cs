namespace Streams.Hooks;

/// <summary>The outcome of a run.</summary>
/// <param name="ExitCode">One of <see cref="Hooks.ExitCode"/>.</param>
/// <param name="Reason">Why it failed; empty when it did not.</param>
/// <param name="Status">The HTTP status, when there was a response.</param>
internal sealed record HookOutcome(int ExitCode, string Reason = "", int? Status = null);
