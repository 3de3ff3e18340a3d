using System.Text;
using Streams.Api.Feed;
using Xunit;

namespace Streams.Api.Tests;

/// <summary>Resuming, snapshots and slow clients of the feed mirror.</summary>
public sealed class FeedMirrorTests
{
    private static readonly StreamId Id = StreamId.Parse("demo");

    private readonly FeedMirror _mirror = new(new StreamSamples(TimeProvider.System));
    private readonly Guid _epoch = Guid.NewGuid();

    [Fact]
    public void A_client_that_does_not_read_is_given_up_and_costs_the_others_nothing()
    {
        Begin();
        FeedSubscription slow = _mirror.Join(null, null);
        FeedSubscription quick = _mirror.Join(null, null);
        int read = 0;
        for (int sequence = 1; sequence <= 1000; sequence++)
        {
            Publish(sequence);
            while (quick.Queue.TryRead(out _))
            {
                read++;
            }
        }

        Assert.Equal(1, _mirror.Clients);
        Assert.Equal(1002, read); // The opening, the snapshot, and each event.
        Assert.True(slow.Queue.CanCount && slow.Queue.Count < 1000);
    }

    [Fact]
    public void A_client_that_comes_back_within_the_memory_gets_exactly_what_it_missed()
    {
        Begin();
        for (int sequence = 1; sequence <= 5000; sequence++)
        {
            Publish(sequence);
        }

        Assert.Equal([4999L, 5000L], IdsOf(_mirror.Join(null, new FeedPosition(_epoch, 4998))));
        Assert.Empty(IdsOf(_mirror.Join(null, new FeedPosition(_epoch, 5000))));
        Assert.Contains("event: snapshot", TextOf(_mirror.Join(null, new FeedPosition(_epoch, 10))), StringComparison.Ordinal);
        Assert.Contains("event: snapshot", TextOf(_mirror.Join(null, new FeedPosition(_epoch, 5001))), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_stays_in_its_field()
    {
        Begin();
        FeedSubscription client = _mirror.Join(null, new FeedPosition(_epoch, 0));
        string hostile = "a\n\nevent: x\rdata: </script> \u2028 end";
        _mirror.Receive(new FeedPage(new FeedPosition(_epoch, 1), false, [new FeedItem(Id, 1, default) { Status = StreamsTests.FullStatus("demo") with { LastReason = hostile } }]));
        string text = TextOf(client);
        Assert.Single(text.Split('\n'), static line => line.StartsWith("event: ", StringComparison.Ordinal));
        Assert.DoesNotContain('\r', text);
        Assert.DoesNotContain("</script>", text, StringComparison.Ordinal);
    }

    private void Begin() => _mirror.Receive(new FeedPage(new FeedPosition(_epoch, 0), true, []));

    private void Publish(long sequence) => _mirror.Receive(new FeedPage(
        new FeedPosition(_epoch, sequence), false, [new FeedItem(Id, 1, default) { Progress = new WorkerProgress { Frames = sequence } }]));

    private static string TextOf(FeedSubscription client)
    {
        StringBuilder text = new();
        while (client.Queue.TryRead(out ReadOnlyMemory<byte> frames))
        {
            text.Append(Encoding.UTF8.GetString(frames.Span));
        }

        return text.ToString();
    }

    private static IEnumerable<long> IdsOf(FeedSubscription client) => TextOf(client).Split('\n')
        .Where(static line => line.StartsWith("id: ", StringComparison.Ordinal))
        .Select(static line => FeedFrame.ReadId(line[4..])!.Value.Sequence);
}
