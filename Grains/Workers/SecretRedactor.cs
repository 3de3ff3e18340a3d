namespace Streams.Grains.Workers;

/// <summary>Takes the secrets of a run out of whatever its worker says and is shown: the run's key, the worker's password, and those of its profile.</summary>
internal sealed class SecretRedactor
{
    /// <summary>A part of a URL is looked for by itself only if it is so long: shorter ones stand in too many other words.</summary>
    private const int ShortestPart = 6;

    private readonly (string Secret, string Shown)[] _secrets;

    /// <param name="secrets">Each secret, and what is shown in its place.</param>
    public SecretRedactor(IEnumerable<(string Secret, string Shown)> secrets) => _secrets =
    [
        .. secrets.SelectMany(static secret => Forms(secret.Secret).Select(form => (Secret: form, secret.Shown)))
            .Where(static secret => secret.Secret.Length > 0)
            .DistinctBy(static secret => secret.Secret, StringComparer.OrdinalIgnoreCase)
            .OrderByDescending(static secret => secret.Secret.Length),
    ];

    /// <summary>The text without them.</summary>
    public string Redact(string text)
    {
        foreach ((string secret, string shown) in _secrets)
        {
            text = text.Replace(secret, shown, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    /// <summary>A secret as programs print it: as it is, escaped, and for a URL also its parts that can be secret by themselves.</summary>
    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        if (secret.Contains('\n', StringComparison.Ordinal))
        {
            foreach (string line in secret.Split('\n', StringSplitOptions.TrimEntries).Where(static line => line.Length >= ShortestPart))
            {
                yield return line;
            }
        }

        if (!Uri.TryCreate(secret, UriKind.Absolute, out Uri? url) || url.Host.Length == 0)
        {
            yield break;
        }

        string[] parts = [.. url.UserInfo.Split(':'), .. url.Query.TrimStart('?').Split('&').Select(static pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]), url.AbsolutePath.Split('/')[^1]];
        foreach (string part in parts.Where(static part => part.Length >= ShortestPart))
        {
            yield return part;
            yield return Uri.UnescapeDataString(part);
        }
    }
}
