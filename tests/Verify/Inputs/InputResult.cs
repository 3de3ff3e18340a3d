namespace Streams.Verify.Inputs;

/// <summary>Result of one kind of input.</summary>
/// <param name="Input">The input.</param>
/// <param name="Transport">Its transport.</param>
/// <param name="Passed">Whether the expected output, or the expected refusal, came; null when no program on this machine can publish it.</param>
/// <param name="Measured">The observed output, or why it cannot be published.</param>
internal sealed record InputResult(TestInput Input, InputTransport Transport, bool? Passed, string Measured)
{
    /// <summary>Input and transport.</summary>
    public string Name => $"{Input}, {(Transport == InputTransport.Pulled ? "pulled by RTSP" : $"by {Transport.ToString().ToUpperInvariant()}")}";
}
