namespace Streams;

/// <summary>The store cannot be read or written at the moment. Nothing was acknowledged. The message has the store's own reason.</summary>
[GenerateSerializer, Alias("Streams.StoreUnavailableException")]
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Creates it without a reason.</summary>
    public StoreUnavailableException()
    {
    }

    /// <summary>Creates it with a reason.</summary>
    /// <param name="message">The reason, readable for users.</param>
    public StoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a reason and its cause.</summary>
    /// <param name="message">The reason, readable for users.</param>
    /// <param name="inner">The store's own exception.</param>
    public StoreUnavailableException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
