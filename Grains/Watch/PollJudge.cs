using System.Collections.Immutable;

namespace Streams.Grains.Watch;

/// <summary>
/// Decides what the polls of one media server tell to which streams. A page boundary that shifts between requests can hide one path, so a stream whose
/// input seems to have ended is told so only when a second poll confirms it. A stream of another media server is told who publishes it here too,
/// and that this has ended; that nobody does is no news to it.
/// </summary>
/// <param name="isOwn">Whether a stream that is saved with the name of a media server belongs to this one.</param>
internal sealed class PollJudge(Func<string?, bool> isOwn)
{
    private HashSet<StreamId> _unconfirmed = [];

    /// <summary>The streams that may believe that their input is published here; null before the first poll: any may.</summary>
    private HashSet<StreamId>? _concerned;

    /// <summary>Whether a stream seems to have ended, which the next poll has to confirm.</summary>
    public bool IsUnsure => _unconfirmed.Count > 0;

    /// <summary>Whether a stream of this media server has a worker whose output is expected.</summary>
    public bool AnyStarting { get; private set; }

    /// <summary>The media server did not answer: what seemed to have ended has to be missed twice again.</summary>
    public void Doubt() => _unconfirmed.Clear();

    /// <summary>Adds to what a poll shows of the streams what it does not show of them any more, and takes out what is not to be told.</summary>
    /// <param name="observations">What the poll shows.</param>
    /// <param name="active">The streams that are live or have a worker, wherever.</param>
    /// <param name="nothing">What is told of a stream that the poll does not show.</param>
    public void Judge(Dictionary<StreamId, StreamObservation> observations, ImmutableArray<StreamEntry> active, StreamObservation nothing)
    {
        HashSet<StreamId> unconfirmed = [];
        HashSet<StreamId> concerned = [.. observations.Where(static seen => seen.Value.Input is not null).Select(static seen => seen.Key)];
        AnyStarting = false;
        foreach (StreamEntry stream in active)
        {
            StreamId id = stream.StreamId;
            bool isItsOwn = isOwn(stream.Node);
            AnyStarting |= isItsOwn && stream.Phase == StreamPhase.Starting;
            StreamObservation? seen = observations.GetValueOrDefault(id);
            bool isMissed = seen is null || (seen.Input is null && (!isItsOwn || stream.Phase != StreamPhase.Offline));
            bool isConcerned = isItsOwn || _concerned?.Contains(id) != false;
            if (!isMissed)
            {
                continue;
            }

            if (!isConcerned)
            {
                observations.Remove(id); // An output alone, of a stream that is published elsewhere.
            }
            else if (_unconfirmed.Contains(id))
            {
                observations[id] = seen ?? nothing;
            }
            else
            {
                // The poll may have missed one path of a stream, and an output alone looks like an input that has ended.
                observations.Remove(id);
                unconfirmed.Add(id);
            }

            if (isItsOwn || unconfirmed.Contains(id))
            {
                concerned.Add(id);
            }
        }

        (_unconfirmed, _concerned) = (unconfirmed, concerned);
    }
}
