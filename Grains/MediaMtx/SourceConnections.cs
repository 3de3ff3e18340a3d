using System.Collections.Immutable;

namespace Streams.Grains.MediaMtx;

/// <summary>
/// The publishers' queries and addresses, which the list of paths lacks: each new source of an input is asked for once, so that a stream whose
/// hook is lost or late starts with its query all the same.
/// </summary>
internal sealed class SourceConnections(MediaMtxClient client)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>How many polls ask about a source: one that MediaMTX does not tell of by then has nothing to tell.</summary>
    private const int MaxQuestions = 10;

    private Dictionary<string, Answer> _known = [];

    /// <summary>The paths, their inputs' sources with what MediaMTX tells of their connections; those it does not tell of are asked for again next time.</summary>
    public async Task<ImmutableArray<(StreamPath Path, PathView View)>> AddTo(
        ImmutableArray<(StreamPath Path, PathView View)> live, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        IEnumerable<LiveSource> inputs = live.Where(static path => path.Path.Role == PathRole.Input && !path.View.Source.IsPulled).Select(static path => path.View.Source);
        _known = (await Task.WhenAll(inputs.Select(source => Find(source, limit.Token)))).DistinctBy(static known => known.Id).ToDictionary(static known => known.Id, static known => known.Answer);
        return [.. live.Select(path => _known.GetValueOrDefault(path.View.Source.Id)?.Connection is { } told
            ? (path.Path, path.View with { Source = path.View.Source with { Query = told.Query, RemoteAddress = told.RemoteAddress } })
            : path)];
    }

    private async Task<(string Id, Answer Answer)> Find(LiveSource source, CancellationToken cancellationToken)
    {
        Answer known = _known.GetValueOrDefault(source.Id) ?? new Answer(null, 0);
        return (source.Id, known.Connection is not null || known.Questions == MaxQuestions
            ? known
            : new Answer(await client.FindConnection(source, cancellationToken), known.Questions + 1));
    }

    /// <summary>What is known of a source's connection; null after so many questions when MediaMTX did not tell.</summary>
    private sealed record Answer(PublisherConnection? Connection, int Questions);
}
