namespace Streams.Api.MediaMtxAuth;

/// <summary>Answer of the rules to a request of MediaMTX.</summary>
internal enum MediaAccess
{
    /// <summary>Everybody may, whatever credentials came.</summary>
    Open,

    /// <summary>The credentials are right.</summary>
    Allowed,

    /// <summary>Nobody may, or the credentials are not right.</summary>
    Refused,

    /// <summary>Only the worker of the stream's present run may, or its standby: its grain knows, and the silos.</summary>
    AsksForRun,
}

/// <summary>Answer of the rules, with the reason.</summary>
/// <param name="Access">The verdict.</param>
/// <param name="Reason">Why it is refused, or will be when the run's key is wrong; without secrets.</param>
/// <param name="Path">The stream's path; null when the question is about none.</param>
internal readonly record struct MediaVerdict(MediaAccess Access, string Reason, StreamPath? Path = null)
{
    /// <summary>The path of one run that it is about; null for any other.</summary>
    public SidePath? Side { get; init; }
}
