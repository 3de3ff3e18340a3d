using System.Collections.Immutable;

namespace Streams;

/// <summary>
/// The publishers' queries, which the list of paths lacks: each new source of an input is asked for once, so that a stream whose hook is
/// lost or late starts with its query all the same.
/// </summary>
internal sealed class SourceQueries(MediaMtxClient client)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private Dictionary<string, string> _known = [];

    /// <summary>The paths, their inputs' sources with the queries that MediaMTX tells; those it does not tell are asked for again next time.</summary>
    public async Task<ImmutableArray<(StreamPath Path, PathView View)>> AddTo(
        ImmutableArray<(StreamPath Path, PathView View)> live, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        LiveSource[] inputs = [.. live.Where(static path => path.Path.Role == PathRole.Input).Select(static path => path.View.Source)];
        (string Id, string? Query)[] asked = await Task.WhenAll(
            inputs.Select(async source => (source.Id, _known.GetValueOrDefault(source.Id) ?? await client.FindQuery(source, limit.Token))));
        Dictionary<string, string> known = [];
        foreach ((string id, string? query) in asked)
        {
            if (query is not null)
            {
                known[id] = query;
            }
        }

        _known = known;
        return [.. live.Select(path => known.TryGetValue(path.View.Source.Id, out string? query) ? (path.Path, path.View with { Source = path.View.Source with { Query = query } }) : path)];
    }
}
