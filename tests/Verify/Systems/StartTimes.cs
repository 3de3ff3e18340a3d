namespace Streams.Verify.Systems;

/// <summary>Times of one start of a stream.</summary>
/// <param name="UntilTaken">From the input available in MediaMTX until the API had taken the ready event.</param>
/// <param name="UntilOutput">From the worker's start until its output was available in MediaMTX.</param>
internal sealed record StartTimes(TimeSpan UntilTaken, TimeSpan UntilOutput);
