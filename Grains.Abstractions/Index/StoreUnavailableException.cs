namespace Streams;

/// <summary>The store cannot be read or written now. Nothing was acknowledged. The message says why, in the store's own words.</summary>
[GenerateSerializer, Alias("Streams.StoreUnavailableException")]
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Without a reason.</summary>
    public StoreUnavailableException()
    {
    }

    /// <summary>For a reason.</summary>
    /// <param name="message">Why, for people.</param>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>For a reason, with what the store threw.</summary>
    /// <param name="message">Why, for people.</param>
    /// <param name="inner">What the store threw.</param>
    public StoreUnavailableException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
