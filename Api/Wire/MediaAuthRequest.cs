namespace Streams.Api.Wire;

/// <summary>What MediaMTX asks before it lets somebody do something. All fields may be missing; others are ignored.</summary>
public sealed record MediaAuthRequest
{
    /// <summary>The address of whoever wants it.</summary>
    public string? Ip { get; init; }

    /// <summary>The user's name; not looked at for streams.</summary>
    public string? User { get; init; }

    /// <summary>The password: a publish key, a run's key or the read key.</summary>
    public string? Password { get; init; }

    /// <summary>The same, from clients that send a token instead.</summary>
    public string? Token { get; init; }

    /// <summary><c>publish</c>, <c>read</c>, <c>playback</c>, <c>api</c>, <c>metrics</c> or <c>pprof</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The path; empty for actions that have none.</summary>
    public string? Path { get; init; }

    /// <summary>How: <c>rtmp</c>, <c>rtsp</c>, <c>hls</c>, <c>webrtc</c>, <c>srt</c>; empty for MediaMTX's own servers.</summary>
    public string? Protocol { get; init; }

    /// <summary>MediaMTX's id of the connection.</summary>
    public string? Id { get; init; }

    /// <summary>Whether no credentials were given, as in the first request of most clients: they wait to be asked.</summary>
    internal bool IsAnonymous => string.IsNullOrEmpty(User) && string.IsNullOrEmpty(Password) && string.IsNullOrEmpty(Token);

    /// <summary>A hash of the credentials: tells a guess from the next one, and nothing else.</summary>
    internal int Guess => HashCode.Combine(User, Password, Token);

    /// <summary>Whether password or token satisfy a check.</summary>
    internal bool Gives(Func<string, bool> isRight) =>
        (Password is { Length: > 0 } password && isRight(password)) || (Token is { Length: > 0 } token && isRight(token));

    /// <summary>Without the secrets, should anybody print it.</summary>
    public override string ToString() => $"{Action} {Path} {Protocol} {Ip}";
}
