using System.Text.Json.Nodes;

namespace XenDmHost.Simulation.Demo;

/// <summary>A device of the demo's guest.</summary>
/// <param name="Id">Its id in the guest file.</param>
/// <param name="BackEnd">Who serves it, for people.</param>
/// <param name="Entry">Its entry in the guest file.</param>
internal sealed record DemoDevice(int Id, string BackEnd, JsonObject Entry);
