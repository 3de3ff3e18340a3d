using System.ComponentModel.DataAnnotations;
using Streams.Api.Hosting;

namespace Streams.Api.Access;

/// <summary>
/// Who may use the HTTP service; configuration section <c>Streams:Access</c>. Without any token the service is open, and listens on
/// loopback only.
/// </summary>
public sealed class AccessOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Access";

    /// <summary>The tokens. An entry without a token does not count. Default none. Read once, at start.</summary>
    public List<AccessTokenOptions> Tokens { get; set; } = [];

    /// <summary>
    /// A file with more tokens, one a line: <c>role name token</c>, with comments after <c>#</c> at a line's begin. Read again when it
    /// changes; one that cannot be used keeps the tokens as they were. Default empty: none.
    /// </summary>
    public string TokenFile { get; set; } = "";

    /// <summary>
    /// How many wrong tokens one address may send in a minute before it is answered with 429; 1 to 10,000. Default 10. Behind a
    /// reverse proxy all callers have the proxy's address, unless it is one of <see cref="ApiOptions.TrustedProxies"/>.
    /// </summary>
    [Range(1, 10_000, ErrorMessage = "must be between 1 and 10000.")]
    public int FailuresPerMinute { get; set; } = 10;

    /// <summary>Whether nobody set anything up.</summary>
    internal bool IsOpen => TokenFile.Length == 0 && Tokens.All(static token => token.Token.Length == 0);
}
