using Streams.Grains.MediaMtx;

namespace Streams.Grains.Workers;

/// <summary>A question about a run's input that is under way.</summary>
/// <param name="Answer">What MediaMTX shows; never fails.</param>
/// <param name="AskedAt">Timestamp of the question.</param>
internal sealed record InputLookup(Task<PathLookup> Answer, long AskedAt);
