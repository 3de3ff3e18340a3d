namespace Streams.Verify.Pictures;

/// <summary>One flash from black to white and back, as a reader received it.</summary>
/// <param name="Rise">When the first white picture arrived, on the reader's clock.</param>
/// <param name="Fall">When the first black one after it arrived.</param>
/// <param name="Pictures">Number of white pictures, which identifies a flash among its neighbours.</param>
internal readonly record struct Flash(TimeSpan Rise, TimeSpan Fall, int Pictures);
