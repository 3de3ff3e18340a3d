namespace MediaMtx.Standin.Hooks;

/// <summary>The hooks of one stream. Ending them stops what runs on availability and starts what runs on its end.</summary>
internal sealed class AvailabilityHook(Action end)
{
    public void End() => end();
}
