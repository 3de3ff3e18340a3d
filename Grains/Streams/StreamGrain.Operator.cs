using System.Diagnostics;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Streams;

/// <summary>What operators order.</summary>
internal sealed partial class StreamGrain
{
    public async Task<CommandReceipt> Command(StreamCommand command, CallOrigin origin)
    {
        await Know();
        return await Obey(new StreamInput.Commanded(command), FindObjection(command), origin);
    }

    public async Task<CommandReceipt> ChooseProfile(string? profile, CallOrigin origin)
    {
        await Know();
        bool isKnown = profile is null || workers.Profiles.Contains(profile, StringComparer.Ordinal);
        string? objection = isKnown ? null : $"There is no worker profile '{profile}'; there are: {string.Join(", ", workers.Profiles)}.";
        return await Obey(new StreamInput.ProfileChosen(profile), objection, origin, mayBeNew: profile is not null);
    }

    public async Task<CommandReceipt> Drop()
    {
        StreamStatus? last = null;
        try
        {
            await _saved.Read();
            last = State.Exists ? StatusNow() : null;
            if (State.IsLive || State.Phase != StreamPhase.Offline)
            {
                return new CommandReceipt(last, "Somebody publishes the stream, or it has a worker: it can be forgotten when it is offline.");
            }
        }
        catch (StreamDamagedException)
        {
            // Whatever it was: it is not to be known any more.
        }

        await _saved.Drop();
        feed.Forget(_id);
        DeactivateOnIdle();
        return new CommandReceipt(last);
    }

    private string? FindObjection(StreamCommand command) => command switch
    {
        StreamCommand.Resume when !State.Held => "The stream is not stopped.",
        StreamCommand.Restart when State.Input is null => "Nobody publishes the stream's input: there is nothing to work on.",
        _ => null,
    };

    /// <param name="order">The order.</param>
    /// <param name="objection">Why it cannot be obeyed; null when it can.</param>
    /// <param name="origin">Who gives it.</param>
    /// <param name="mayBeNew">Whether it may be about a stream that never existed: a profile is chosen before the first publish too.</param>
    private async Task<CommandReceipt> Obey(StreamInput order, string? objection, CallOrigin origin, bool mayBeNew = false)
    {
        if (!State.Exists && (!mayBeNew || objection is not null))
        {
            DeactivateOnIdle();
            return new CommandReceipt(null, mayBeNew ? objection : null);
        }

        if (objection is not null)
        {
            return new CommandReceipt(StatusNow(), objection);
        }

        ActivityContext parent = StreamsTracing.Read(origin.TraceParent);
        using Activity? step = StreamsTracing.Start("take command", parent, _id);
        await Apply(order, new InputOrigin(step?.Context ?? parent, origin.By));
        return new CommandReceipt(StatusNow());
    }
}
