namespace XenDmHost.UnitTests.Simulation.Fakes;

/// <summary>Does one request; gives the bytes written, or null to keep the request for ever.</summary>
internal delegate int? FakeChainHandler(byte[] readable, FakeWritable writable);
