namespace Streams.Api.Access;

/// <summary>One access token, an item of <c>Streams:Access:Tokens</c>.</summary>
public sealed class AccessTokenOptions
{
    /// <summary><c>reader</c>, <c>operator</c> or <c>hook</c>.</summary>
    public string Role { get; set; } = "";

    /// <summary>Who or what has the token, as the log names it: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The secret: 16 to 256 of <c>A-Z a-z 0-9 . _ ~ -</c>, for example from <c>openssl rand -hex 24</c>. Empty: the entry does not count.</summary>
    public string Token { get; set; } = "";
}
