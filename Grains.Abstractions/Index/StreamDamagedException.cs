namespace Streams;

/// <summary>The saved row of one stream is damaged. No other stream is affected. The message says what to do.</summary>
[GenerateSerializer, Alias("Streams.StreamDamagedException")]
public sealed class StreamDamagedException : Exception
{
    /// <summary>Creates it without a reason.</summary>
    public StreamDamagedException()
    {
    }

    /// <summary>Creates it with a reason.</summary>
    /// <param name="message">The reason and the remedy, readable for users.</param>
    public StreamDamagedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a reason and its cause.</summary>
    /// <param name="message">The reason and the remedy, readable for users.</param>
    /// <param name="inner">The cause.</param>
    public StreamDamagedException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
