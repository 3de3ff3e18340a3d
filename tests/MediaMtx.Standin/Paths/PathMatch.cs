using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Paths;

/// <summary>A path's configuration, and what the groups of its expression matched.</summary>
internal sealed record PathMatch(PathConfig Config, IReadOnlyList<string> Groups)
{
    /// <summary>The URL to pull: <c>$G1</c> and so on are the groups, <c>$MTX_QUERY</c> is the query of the first reader.</summary>
    public string SourceUrl(string query)
    {
        string url = Config.Source;
        for (int group = Groups.Count; group > 0; group--)
        {
            url = url.Replace($"$G{group}", Groups[group - 1], StringComparison.Ordinal);
        }

        return url.Replace("$MTX_QUERY", query, StringComparison.Ordinal);
    }
}
