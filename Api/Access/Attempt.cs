namespace Streams.Api.Access;

/// <summary>Result of looking up a token that somebody sent.</summary>
/// <param name="Token">Whose it is; null when it was refused.</param>
/// <param name="IsBlocked">Whether the address sent too many wrong ones, and is blocked.</param>
/// <param name="RetryAfter">When blocked: how long to wait.</param>
internal sealed record Attempt(AccessToken? Token, bool IsBlocked = false, TimeSpan RetryAfter = default);
