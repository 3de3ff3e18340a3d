namespace Streams.Api.Access;

/// <summary>What came of a token that somebody sent.</summary>
/// <param name="Token">Whose it is; null when it was refused.</param>
/// <param name="IsBlocked">Whether it was not even looked at, since too many wrong ones came from the address.</param>
/// <param name="RetryAfter">When blocked: how long to wait.</param>
internal sealed record Attempt(AccessToken? Token, bool IsBlocked = false, TimeSpan RetryAfter = default);
