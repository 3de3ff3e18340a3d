namespace Streams.Api.Configuration;

/// <summary>A file that is read again when it changes while the service runs.</summary>
internal interface ISettingsFile
{
    /// <summary>Its path; empty when there is none.</summary>
    string File { get; }

    /// <summary>Applies the file's new text; returns what is wrong with it, in which case what it said before stays in force.</summary>
    IReadOnlyList<string> Apply(string text);
}
