namespace Streams.Verify.Audience;

/// <summary>A decoded picture, or a packet of sound, as a reader received it.</summary>
/// <param name="Arrived">When, by the measurement's clock.</param>
/// <param name="Stamp">Its time stamp.</param>
internal readonly record struct SeenFrame(TimeSpan Arrived, TimeSpan Stamp);
