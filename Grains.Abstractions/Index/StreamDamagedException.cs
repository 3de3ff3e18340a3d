namespace Streams;

/// <summary>What is saved of one stream is damaged. No other stream is concerned. The message says what to do.</summary>
[GenerateSerializer, Alias("Streams.StreamDamagedException")]
public sealed class StreamDamagedException : Exception
{
    /// <summary>Without a reason.</summary>
    public StreamDamagedException()
    {
    }

    /// <summary>For a reason.</summary>
    /// <param name="message">Why, and what to do, for people.</param>
    public StreamDamagedException(string message)
        : base(message)
    {
    }

    /// <summary>For a reason, with what was thrown.</summary>
    /// <param name="message">Why, and what to do, for people.</param>
    /// <param name="inner">What was thrown.</param>
    public StreamDamagedException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
