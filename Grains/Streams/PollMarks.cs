using Streams.Grains.Watch;

namespace Streams.Grains.Streams;

/// <summary>
/// Tells which polls of the media servers' watches were sent after the stream last learned something by a hook. When it has, it asks the watch for the number of
/// its last poll: later ones are newer, whatever the clocks of the two machines say. Until the answer has come, no poll is news. For one caller at a time.
/// </summary>
internal sealed class PollMarks(TimeProvider time)
{
    /// <summary>How long an answer is waited for; after this the clocks decide, until it comes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Mark> _marks = new(StringComparer.Ordinal);
    private long _requests;

    /// <summary>The watch of a media server is asked now. Returns the number of the request.</summary>
    public long Begin(string node)
    {
        _marks[node] = new Mark(++_requests, time.GetTimestamp(), null);
        return _requests;
    }

    /// <summary>It has answered a request; only the answer to the last one counts.</summary>
    public void Set(string node, long request, PollPosition last)
    {
        if (_marks.TryGetValue(node, out Mark? mark) && mark.Request == request)
        {
            _marks[node] = mark with { Last = last };
        }
    }

    /// <summary>Whether a poll was sent after what hooks have said (null: the clocks have to tell), and whether the watch is to be asked for its number.</summary>
    public (bool? IsNews, bool IsToAsk) Judge(string node, PollPosition poll)
    {
        if (poll.Epoch == Guid.Empty)
        {
            return (null, false);
        }

        return _marks.GetValueOrDefault(node) switch
        {
            null => (null, true),
            { Last: null } asked when time.GetElapsedTime(asked.At) < Limit => (false, false),
            { Last: null } => (null, true),
            { Last: { } last } when last.Epoch == poll.Epoch => (poll.Number > last.Number, false),
            _ => (false, true), // The watch has moved: nothing is known of its present polls yet, or this is one of its former.
        };
    }

    /// <param name="Request">The number of the request.</param>
    /// <param name="At">Its timestamp.</param>
    /// <param name="Last">The answer; null while there is none.</param>
    private sealed record Mark(long Request, long At, PollPosition? Last);
}
