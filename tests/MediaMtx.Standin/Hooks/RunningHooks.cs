namespace MediaMtx.Standin.Hooks;

/// <summary>The hooks of something that lasts. Ending them stops the one that runs meanwhile and starts the one for the end.</summary>
internal sealed class RunningHooks(Action end)
{
    public void End() => end();
}
