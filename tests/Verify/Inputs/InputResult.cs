using Streams.Testing;

namespace Streams.Verify.Inputs;

/// <summary>What came out of one kind of input.</summary>
/// <param name="Input">What was published.</param>
/// <param name="Transport">How.</param>
/// <param name="Passed">Whether it came out, or was refused, as it should; null when nothing on this machine can publish it.</param>
/// <param name="Measured">What was seen, or why it cannot be published.</param>
internal sealed record InputResult(TestInput Input, InputTransport Transport, bool? Passed, string Measured)
{
    /// <summary>What was tried, in words.</summary>
    public string Name => $"{Input}, {(Transport == InputTransport.Pulled ? "pulled by RTSP" : $"by {Transport.ToString().ToUpperInvariant()}")}";
}
