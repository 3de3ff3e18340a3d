namespace Streams.Verify.Audience;

/// <summary>A reader of an output, which connects anew when it is disconnected, as viewers do.</summary>
internal interface IAudienceReader : IAsyncDisposable
{
    /// <summary>Its protocol, or its player.</summary>
    string Name { get; }

    /// <summary>How what it saw is judged.</summary>
    ReaderKind Kind { get; }

    /// <summary>What it saw until now.</summary>
    ReaderLog Log { get; }
}
