package agentc

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// abiVersion is the ABI that this package speaks; runtime/wasm/ABI.md describes it.
const abiVersion = 1

const (
	page        = 65_536
	firstPages  = 4_096
	roomOutside = 64 * 1024 * 1024 / page
	smallest    = 4_096
)

// kinds are the errors of the module, by their number negated.
var kinds = map[int32]error{
	1: ErrInput, 2: ErrArtifact, 3: ErrHandle, 4: ErrModule, 5: ErrLimit,
	6: ErrModule, 7: ErrLedger, 8: ErrArtifact, 9: ErrModule, 10: ErrModule,
}

// Limit is a limit that the module keeps.
type Limit uint32

// The limits, in the units of runtime/wasm/ABI.md.
const (
	EventBytes    Limit = 1
	Depth         Limit = 2
	Runs          Limit = 3
	MemoryPages   Limit = 4
	ArtifactBytes Limit = 5
	Policies      Limit = 6
)

// Compiled is a module that was compiled once, to be loaded often. It may be used by several goroutines.
type Compiled struct {
	wasm    []byte
	cache   wazero.CompilationCache
	lock    sync.Mutex
	engines map[uint32]engine
}

// engine bounds the memory of its instances from outside.
type engine struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

// Compile compiles a module.
func Compile(ctx context.Context, wasm []byte) (*Compiled, error) {
	compiled := &Compiled{wasm: wasm, cache: wazero.NewCompilationCache(), engines: map[uint32]engine{}}
	if _, err := compiled.engine(ctx, firstPages); err != nil {
		return nil, errors.Join(err, compiled.Close(ctx))
	}
	return compiled, nil
}

func (c *Compiled) engine(ctx context.Context, pages uint32) (engine, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if known, there := c.engines[pages]; there {
		return known, nil
	}
	config := wazero.NewRuntimeConfig().WithCompilationCache(c.cache).WithMemoryLimitPages(min(pages+roomOutside, 65_536))
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	module, err := runtime.CompileModule(ctx, c.wasm)
	if err != nil {
		return engine{}, errors.Join(fail(ErrModule, fmt.Sprintf("this is no WebAssembly module: %v", err)), runtime.Close(ctx))
	}
	if len(module.ImportedFunctions())+len(module.ImportedMemories()) > 0 {
		return engine{}, errors.Join(fail(ErrModule, "the module wants imports, so it is none of ours"), runtime.Close(ctx))
	}
	c.engines[pages] = engine{runtime, module}
	return c.engines[pages], nil
}

// Close gives everything back, the policies that were loaded from it too.
func (c *Compiled) Close(ctx context.Context) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	var failed error
	for _, engine := range c.engines {
		failed = errors.Join(failed, engine.runtime.Close(ctx))
	}
	clear(c.engines)
	return errors.Join(failed, c.cache.Close(ctx))
}

// module is one instance; its methods wait for each other. Nothing else in the package touches its memory.
type module struct {
	lock     sync.Mutex
	instance api.Module
	broken   bool
	// place is where the module keeps address and length of the output.
	place    uint32
	buffer   uint32
	capacity uint32
}

func (c *Compiled) instance(ctx context.Context, limits map[Limit]uint32) (*module, error) {
	pages := uint32(firstPages)
	if wanted, known := limits[MemoryPages]; known {
		pages = min(wanted, 65_536)
	}
	engine, err := c.engine(ctx, pages)
	if err != nil {
		return nil, err
	}
	instance, err := engine.runtime.InstantiateModule(ctx, engine.module, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, fail(ErrModule, fmt.Sprintf("the module cannot be instantiated: %v", err))
	}
	version := instance.ExportedGlobal("agentc_abi")
	if version == nil || uint32(version.Get()) != abiVersion || instance.Memory() == nil {
		return nil, errors.Join(fail(ErrModule, fmt.Sprintf("the module does not speak ABI %d", abiVersion)), instance.Close(ctx))
	}
	place := instance.ExportedGlobal("agentc_output_place")
	if place == nil {
		return nil, errors.Join(fail(ErrModule, "the module has no exported global `agentc_output_place`, so it is none of ours"), instance.Close(ctx))
	}
	m := &module{instance: instance, place: uint32(place.Get())}
	for limit, value := range limits {
		if _, err := m.call(ctx, "agentc_limit_set", uint32(limit), value); err != nil {
			return nil, errors.Join(err, instance.Close(ctx))
		}
	}
	return m, nil
}

// call calls a function; its result where that is a success.
func (m *module) call(ctx context.Context, name string, args ...uint32) (uint32, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.checked(ctx, name, args...)
}

// output calls a function; its output.
func (m *module) output(ctx context.Context, name string, args ...uint32) ([]byte, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if _, err := m.checked(ctx, name, args...); err != nil {
		return nil, err
	}
	return m.take()
}

// send calls a function with bytes as its last two parameters.
func (m *module) send(ctx context.Context, name string, before []uint32, data []byte) (uint32, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.put(ctx, name, before, data)
}

// exchange calls a function with bytes; its output.
func (m *module) exchange(ctx context.Context, name string, before []uint32, data []byte) ([]byte, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if _, err := m.put(ctx, name, before, data); err != nil {
		return nil, err
	}
	return m.take()
}

// ask calls a function with bytes; its result and its output.
func (m *module) ask(ctx context.Context, name string, before []uint32, data []byte) (uint32, []byte, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	result, err := m.put(ctx, name, before, data)
	if err != nil {
		return 0, nil, err
	}
	output, err := m.take()
	return result, output, err
}

func (m *module) put(ctx context.Context, name string, before []uint32, data []byte) (uint32, error) {
	length := uint32(len(data))
	if uint64(len(data)) > 1<<31 {
		return 0, fail(ErrLimit, fmt.Sprintf("an input of %d bytes is more than any limit allows", len(data)))
	}
	if length > m.capacity || m.buffer == 0 {
		if m.buffer != 0 {
			if _, err := m.raw(ctx, "agentc_free", m.buffer); err != nil {
				return 0, err
			}
		}
		m.buffer, m.capacity = 0, 0
		address, err := m.raw(ctx, "agentc_alloc", max(length, smallest))
		if err != nil {
			return 0, err
		}
		if address == 0 {
			return 0, fail(ErrLimit, fmt.Sprintf("the module has no memory left for an input of %d bytes", length))
		}
		m.buffer, m.capacity = uint32(address), max(length, smallest)
	}
	if !m.instance.Memory().Write(m.buffer, data) {
		return 0, m.broke("its buffer lies outside of its memory")
	}
	return m.checked(ctx, name, append(append([]uint32{}, before...), m.buffer, length)...)
}

func (m *module) checked(ctx context.Context, name string, args ...uint32) (uint32, error) {
	result, err := m.raw(ctx, name, args...)
	if err != nil || result >= 0 {
		return uint32(result), err
	}
	text, err := m.take()
	if err != nil {
		return 0, err
	}
	kind, known := kinds[-result]
	if !known {
		kind = ErrModule
	}
	return 0, fail(kind, string(text))
}

func (m *module) take() ([]byte, error) {
	memory := m.instance.Memory()
	address, here := memory.ReadUint32Le(m.place)
	length, too := memory.ReadUint32Le(m.place + 4)
	if !here || !too {
		return nil, m.broke("where its output lies is outside of its memory")
	}
	view, there := memory.Read(address, length)
	if !there {
		return nil, m.broke("its output lies outside of its memory")
	}
	return append([]byte{}, view...), nil
}

func (m *module) raw(ctx context.Context, name string, args ...uint32) (int32, error) {
	if m.broken {
		return 0, fail(ErrModule, "the module broke in an earlier call; nothing can be decided any more")
	}
	function := m.instance.ExportedFunction(name)
	if function == nil {
		return 0, fail(ErrModule, fmt.Sprintf("the module has no function `%s`", name))
	}
	stack := make([]uint64, max(len(args), 1))
	for at, arg := range args {
		stack[at] = api.EncodeU32(arg)
	}
	// A decision ends in bounded time; one that was cut off in the middle would leave the instance in no known state.
	if err := function.CallWithStack(context.WithoutCancel(ctx), stack); err != nil {
		return 0, m.broke(err.Error())
	}
	return api.DecodeI32(stack[0]), nil
}

func (m *module) broke(why string) error {
	m.broken = true
	return fail(ErrModule, "the module broke: "+why)
}
