namespace Streams.Api.Configuration;

/// <summary>A file that is read again when it changes while the service runs.</summary>
internal interface ISettingsFile
{
    /// <summary>Its path; empty when there is none.</summary>
    string File { get; }

    /// <summary>Takes the file's text; returns what is wrong with it, in which case nothing was taken.</summary>
    IReadOnlyList<string> Take(string text);
}
