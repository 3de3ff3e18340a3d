using System.ComponentModel.DataAnnotations;

namespace Streams.Api.MediaMtxAuth;

/// <summary>
/// Who may publish and read through MediaMTX, when it asks Streams (<c>authMethod: http</c>); configuration section <c>Streams:MediaAuth</c>.
/// Keys are 16 to 256 of <c>A-Z a-z 0-9 . _ ~ -</c>.
/// </summary>
public sealed class MediaAuthOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:MediaAuth";

    /// <summary>The key with which <c>live/&lt;id&gt;/in</c> is published, by stream id. Default none. Read once, at start.</summary>
    public Dictionary<string, string> PublishKeys { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The key of every stream that has none of its own. Default empty: those streams cannot be published.</summary>
    public string DefaultPublishKey { get; set; } = "";

    /// <summary>
    /// A file with more keys, one a line: <c>streamId key</c>, <c>*</c> for streams that have none of their own, comments after <c>#</c> at
    /// a line's begin. A stream may have several. Read again when it changes; one that cannot be used keeps the keys as they were. Default
    /// empty: none.
    /// </summary>
    public string KeyFile { get; set; } = "";

    /// <summary>The key with which inputs and outputs are read. Default empty: everybody may read.</summary>
    public string ReadKey { get; set; } = "";

    /// <summary>How many different wrong credentials one address may give in a minute, and how often wrong ones for one path, before it is not looked at any more; 1 to 10,000. Default 10.</summary>
    [Range(1, 10_000, ErrorMessage = "must be between 1 and 10000.")]
    public int FailuresPerMinute { get; set; } = 10;
}
