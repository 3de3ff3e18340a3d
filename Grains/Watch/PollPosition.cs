namespace Streams.Grains.Watch;

/// <summary>
/// A poll of a media server's watch: they are numbered, so that what a poll shows can be told from what was learned after it was sent, whatever the clocks of
/// two machines say.
/// </summary>
/// <param name="Epoch">The life of the watch; empty where no watch has asked.</param>
/// <param name="Number">The number of the poll in that life, from 1; 0 before the first.</param>
[GenerateSerializer, Immutable, Alias("Streams.PollPosition")]
internal readonly record struct PollPosition([property: Id(0)] Guid Epoch, [property: Id(1)] long Number);
