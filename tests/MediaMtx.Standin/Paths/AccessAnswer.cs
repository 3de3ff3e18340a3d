namespace MediaMtx.Standin.Paths;

/// <summary>The answer to <see cref="PathManager.Authorize"/>.</summary>
/// <param name="Match">The path's configuration; null when access is refused.</param>
/// <param name="Error">Why it is refused.</param>
/// <param name="IsDenied">Whether for the credentials, and not because there is no such path.</param>
internal sealed record AccessAnswer(PathMatch? Match, string Error, bool IsDenied);
