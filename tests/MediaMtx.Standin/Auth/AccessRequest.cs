using System.Net;

namespace MediaMtx.Standin.Auth;

/// <summary>Somebody wants to do something.</summary>
/// <param name="Action"><c>publish</c>, <c>read</c>, <c>playback</c>, <c>api</c> or <c>metrics</c>.</param>
/// <param name="Path">The path; empty where the action has none.</param>
/// <param name="User">The user's name; empty without credentials.</param>
/// <param name="Password">The password; empty without credentials.</param>
/// <param name="Address">Where the request comes from.</param>
internal sealed record AccessRequest(string Action, string Path, string User, string Password, IPAddress Address)
{
    /// <summary>What was given as a bearer token without a user; MediaMTX shows the password as a token too.</summary>
    public string Token { get; init; } = "";

    /// <summary><c>rtmp</c> or <c>rtsp</c>; empty for HTTP.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The connection; null for HTTP.</summary>
    public Guid? Id { get; init; }

    /// <summary>The query as sent.</summary>
    public string Query { get; init; } = "";

    /// <summary>What the client says it is.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>Whether no credentials were given, so that a client that can be asked should be asked for them.</summary>
    public bool IsAnonymous => User.Length == 0 && Password.Length == 0 && Token.Length == 0;
}
